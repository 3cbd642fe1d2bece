import type { Clock } from '@pod-eip/runtime'
import type { CloudAction } from '../vpc-api/call-vpc-api.ts'
import { defaultRateLimits, type RateLimiter, type RateLimits } from './rate-limiter.ts'

/**
 * A rate limiter within one process: the generic cell rate algorithm without burst. Calls of an action
 * are spaced evenly, so that no second, wherever it begins, sees more of them than the limit.
 */
export function createInMemoryRateLimiter(clock: Clock, limits: RateLimits = defaultRateLimits): RateLimiter {
  const nextFree = new Map<CloudAction, number>()
  return {
    async acquire(action, signal) {
      signal?.throwIfAborted()
      const now = clock.now()
      const at = Math.max(now, nextFree.get(action) ?? now)
      nextFree.set(action, at + 1000 / limits[action])
      if (at > now) await clock.sleep(Math.ceil(at - now), signal)
      signal?.throwIfAborted()
    },
  }
}
