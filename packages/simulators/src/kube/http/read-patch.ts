import { ApiError, cause, invalidOptions } from '../store/api-error.ts'
import { isObject } from '../store/json.ts'
import type { Patch } from '../store/patch.ts'
import { type Exchange, readBody } from './exchange.ts'
import { flagOf } from './query-values.ts'
import { demandKind } from './sent-object.ts'
import { writeOptions } from './write-options.ts'

const types: Record<string, Patch['type']> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}

/** The patch of a PATCH request, by its content type. @throws ApiError 415 for another type */
export async function readPatch(exchange: Exchange, subresource?: string): Promise<Patch> {
  const contentType = String(exchange.request.headers['content-type'] ?? '')
    .split(';')[0]!
    .trim()
  const type = types[contentType]
  if (!type) {
    const message = `the body of the request was in an unknown format - accepted media types include: ${Object.keys(types).join(', ')}`
    throw new ApiError(415, 'UnsupportedMediaType', message)
  }
  if (type !== 'apply' && exchange.url.searchParams.has('force')) {
    const why = 'may not be specified for non-apply patch'
    throw invalidOptions('PatchOptions', [cause.forbidden('force', why)])
  }
  const body = await readBody(exchange)
  const options = { ...writeOptions(exchange), ...(subresource ? { subresource } : {}), body }
  if (type !== 'apply') return { type, ...options }
  demandKind(isObject(body) ? body : {}, 'error decoding YAML: ')
  const { searchParams } = exchange.url
  // An apply must say who applies: a client's name for itself is not enough.
  const { fieldManager: _, ...rest } = options
  const fieldManager = searchParams.get('fieldManager')
  return {
    type,
    ...rest,
    ...(fieldManager ? { fieldManager } : {}),
    force: flagOf(exchange.url, 'force') ?? false,
  }
}
