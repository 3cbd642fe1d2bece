import { editDistance } from './edit-distance.ts'
import type { PodRequest } from './pod-request.ts'
import { quote } from './quote.ts'

/** The one value of `eip-claim-delete-policy` that keeps an EIP; every other one releases it, as TKE documents. */
export const keepingPolicy = 'Never'

/** What other systems call it. */
const otherWords = new Set(['retain', 'retained', 'keep', 'kept', 'static'])

/** So many letters may be wrong, missing or too many in what was meant to be `Never`. */
const mostTypos = 2

/**
 * What to tell the user whose delete policy looks like `Never` and is not: the EIP will be released where it was
 * meant to be kept. `null` when there is nothing to warn of.
 */
export function misspeltPolicyWarning({ deletePolicy }: PodRequest): string | null {
  if (deletePolicy === undefined || deletePolicy === keepingPolicy) return null
  const meant = deletePolicy.trim().toLowerCase()
  if (meant === '') return null
  if (!otherWords.has(meant) && editDistance(meant, keepingPolicy.toLowerCase(), mostTypos) > mostTypos)
    return null
  return `annotation eip-claim-delete-policy is ${quote(deletePolicy)} and not ${keepingPolicy}, so the EIP is released when the Pod ends; write ${keepingPolicy} to keep it, or remove the annotation.`
}
