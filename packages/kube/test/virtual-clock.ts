import { setImmediate } from 'node:timers/promises'
import type { Clock } from '@pod-eip/runtime'

/** A clock that stands still until it is told to go on. */
export interface VirtualClock extends Clock {
  /** Lets `ms` pass: everybody who sleeps less wakes in order, and does what follows, at its own time. */
  advance(ms: number): Promise<void>
}

export function createVirtualClock(start = 0): VirtualClock {
  let now = start
  const sleepers = new Set<{ at: number; wake: () => void }>()
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const wake = () => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper = { at: now + ms, wake }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', wake, { once: true })
      }),
    async advance(ms) {
      const until = now + ms
      for (;;) {
        // All promises settle before time goes on.
        await setImmediate()
        const next = [...sleepers].sort((a, b) => a.at - b.at)[0]
        if (next === undefined || next.at > until) break
        now = Math.max(now, next.at)
        next.wake()
      }
      now = until
    },
  }
}
