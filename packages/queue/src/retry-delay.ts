import type { Random } from '@pod-eip/runtime'

const firstMs = 1000
const longestMs = 60_000

/** Wait after the `failures`-th failure of a handler, in ms: doubling from 1 s to 60 s, jittered by half. */
export function retryDelayMs(failures: number, random: Random): number {
  const ceiling = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 10))
  return Math.round(ceiling * (0.5 + random.next() / 2))
}
