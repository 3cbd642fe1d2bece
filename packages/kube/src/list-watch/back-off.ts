import type { Random } from '@pod-eip/runtime'
import type { KubeError } from '../cluster.ts'

const firstDelayMs = 500
const longestDelayMs = 30_000

/** A server (or a proxy with a wrong clock) that asks for more than this would silence the watch for too long. */
const longestRetryAfterSeconds = 120

/**
 * How long to wait after the `failures`-th failure in a row (from 1): exponential, the upper half of it
 * random so that a fleet does not come back in step, and never shorter than the server asked for.
 */
export function backOffMs(failures: number, error: KubeError | undefined, random: Random): number {
  const ceiling = Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(failures - 1, 16))
  const asked = Math.min(error?.retryAfterSeconds ?? 0, longestRetryAfterSeconds) * 1000
  return Math.max(ceiling / 2, asked) + random.next() * (ceiling / 2)
}
