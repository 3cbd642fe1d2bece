import { setImmediate } from 'node:timers/promises'
import type { Clock } from '@pod-eip/runtime'

export interface VirtualClock extends Clock {
  /** Lets time pass, waking sleepers in order and letting everything run that they set off. */
  advance(ms: number): Promise<void>
}

/** A clock that moves only when it is told to. */
export function virtualClock(): VirtualClock {
  let now = Date.UTC(2026, 0, 1)
  const sleepers = new Set<{ at: number; wake: () => void }>()

  /** What runs in memory takes a few turns of the event loop, never more. */
  async function settle(): Promise<void> {
    for (let turn = 0; turn < 10; turn += 1) await setImmediate()
  }

  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        const sleeper = { at: now + ms, wake }
        if (signal?.aborted) return resolve()
        signal?.addEventListener('abort', wake, { once: true })
        sleepers.add(sleeper)
      }),
    async advance(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const next = [...sleepers].sort((a, b) => a.at - b.at)[0]
        if (!next || next.at > end) break
        now = next.at
        next.wake()
        await settle()
      }
      now = end
    },
  }
}
