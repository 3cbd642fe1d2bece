import type { ClaimTerms } from './claim-terms.ts'
import { quote } from './quote.ts'

/** Keys of the tags that every EIP gets: by them it is found again, so they say what we say. */
export const reservedTagKeys = ['tke-clusterId', 'tke-created-eip', 'pod-eip/allocation'] as const

/** What to tell the user whose `Tags` have keys that are ours; `null` when none has. */
export function reservedTagsWarning(asked: ClaimTerms): string | null {
  if (asked.source !== 'auto') return null
  const keys = (asked.attributes.tags ?? []).map(({ key }) => key)
  const ours = keys.filter((key) => (reservedTagKeys as readonly string[]).includes(key))
  if (ours.length === 0) return null
  const named = ours.map((key) => quote(key)).join(', ')
  return ours.length === 1
    ? `annotation eip-attributes has the tag ${named}, by which EIPs are found again, so its value is ignored; remove it from Tags.`
    : `annotation eip-attributes has the tags ${named}, by which EIPs are found again, so their values are ignored; remove them from Tags.`
}
