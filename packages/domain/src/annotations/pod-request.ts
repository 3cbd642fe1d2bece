import { annotationNames, defaultAnnotationDomain } from './names.ts'

/**
 * What a Pod asks for, word for word as its annotations say it. Kept raw in the log, so that the log
 * shows what was asked even where it could not be understood.
 */
export interface PodRequest {
  attributes?: string
  deletePolicy?: string
  idList?: string
  claimExpiredDuration?: string
}

/** An annotation longer than this is cut when recorded, and refused: no valid one comes near. */
export const maxAnnotationLength = 8192

/** Super nodes use these names for the same annotations. */
export const superNodeDomain = 'eks.tke.cloud.tencent.com'

/**
 * The EIP request among a Pod's annotations, or `null` when it asks for none. Super-node annotations
 * count only under the default domain, and the plain ones win over them.
 */
export function extractPodRequest(
  annotations: Record<string, string> | undefined,
  domain: string,
): PodRequest | null {
  if (!annotations) return null
  const domains = domain === defaultAnnotationDomain ? [domain, superNodeDomain] : [domain]
  const pick = (field: 'attributes' | 'deletePolicy' | 'idList' | 'claimExpiredDuration') => {
    for (const d of domains) {
      const name = annotationNames(d)[field]
      if (Object.hasOwn(annotations, name)) return annotations[name]!.slice(0, maxAnnotationLength + 1)
    }
    return undefined
  }
  const attributes = pick('attributes')
  const idList = pick('idList')
  if (attributes === undefined && idList === undefined) return null
  const deletePolicy = pick('deletePolicy')
  const claimExpiredDuration = pick('claimExpiredDuration')
  return {
    ...(attributes !== undefined && { attributes }),
    ...(deletePolicy !== undefined && { deletePolicy }),
    ...(idList !== undefined && { idList }),
    ...(claimExpiredDuration !== undefined && { claimExpiredDuration }),
  }
}

/** Whether two requests say the same, word for word. */
export function samePodRequest(a: PodRequest | null, b: PodRequest | null): boolean {
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b))
}

function ordered(r: PodRequest | null) {
  return r && [r.attributes, r.deletePolicy, r.idList, r.claimExpiredDuration]
}
