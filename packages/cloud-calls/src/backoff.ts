import type { CloudErrorClass } from '@pod-eip/cloud'
import type { Random } from '@pod-eip/runtime'

/** First wait and longest wait for each class, in ms. */
const waits: Record<CloudErrorClass, { first: number; longest: number }> = {
  // The cloud is busy for a moment; its limits are counted by the second.
  'retry-soon': { first: 500, longest: 30_000 },
  'no-answer': { first: 1_000, longest: 30_000 },
  'describe-again': { first: 500, longest: 15_000 },
  gone: { first: 500, longest: 15_000 },
  // Somebody has to raise a quota or pay a bill: minutes, not seconds.
  'back-off': { first: 30_000, longest: 600_000 },
  terminal: { first: 30_000, longest: 600_000 },
}

/** The longest wait of a class, in ms: it is tried again at least so often. */
export function longestWaitMs(errorClass: CloudErrorClass): number {
  return waits[errorClass].longest
}

/** How long to wait before the next step, in ms: doubling with full jitter on the upper half. */
export function backoffMs(errorClass: CloudErrorClass, failures: number, random: Random): number {
  const { first, longest } = waits[errorClass]
  const ceiling = Math.min(longest, first * 2 ** Math.min(failures, 20))
  return Math.round(ceiling / 2 + (ceiling / 2) * random.next())
}
