import { ApiError } from '../store/api-error.ts'

/** In which form an answer is wanted. All of them are JSON. */
export type Form = 'object' | 'table' | 'metadata' | 'metadata list' | 'discovery'

const forms: Record<string, Form> = {
  Table: 'table',
  PartialObjectMetadata: 'metadata',
  PartialObjectMetadataList: 'metadata list',
  APIGroupDiscoveryList: 'discovery',
}

/**
 * The first form of an Accept header that can be had. Protobuf, which kubectl asks for first, cannot.
 *
 * @throws ApiError 406 when nothing that is accepted can be had
 */
export function negotiate(accept: string | undefined): Form {
  for (const part of (accept ?? '*/*').split(',')) {
    const [type, ...parameters] = part.split(';').map((text) => text.trim())
    if (!type || !['application/json', 'application/*', '*/*'].includes(type)) continue
    const as = parameters.find((text) => text.startsWith('as='))?.slice(3)
    if (as === undefined) return 'object'
    const version = parameters.find((text) => text.startsWith('v='))?.slice(2)
    if (as in forms && version !== 'v2beta1' && version !== 'v1beta1') return forms[as]!
  }
  throw new ApiError(406, 'NotAcceptable', 'only the following media types are accepted: application/json')
}
