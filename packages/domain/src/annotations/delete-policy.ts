import type { PodRequest } from './pod-request.ts'

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
  if (!otherWords.has(meant) && distance(meant, keepingPolicy.toLowerCase()) > mostTypos) return null
  return `annotation eip-claim-delete-policy is ${JSON.stringify(deletePolicy.slice(0, 40))} and not ${keepingPolicy}, so the EIP is released when the Pod ends; write ${keepingPolicy} to keep it, or remove the annotation.`
}

/** Edit distance: letters to change, to add or to take away. What is much longer is far away, whatever it says. */
function distance(from: string, to: string): number {
  if (Math.abs(from.length - to.length) > mostTypos) return mostTypos + 1
  let row = Array.from({ length: to.length + 1 }, (_, i) => i)
  for (const [i, letter] of [...from].entries()) {
    const next = [i + 1]
    for (let j = 0; j < to.length; j++) {
      const swap = row[j]! + (letter === to[j] ? 0 : 1)
      next.push(Math.min(swap, row[j + 1]! + 1, next[j]! + 1))
    }
    row = next
  }
  return row[to.length]!
}
