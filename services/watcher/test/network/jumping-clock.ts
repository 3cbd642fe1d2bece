import type { Clock } from '@pod-eip/runtime'
import { systemClock } from '@pod-eip/runtime'

/** The machine's time, which can be moved on at once: for what waits minutes while a real server answers. */
export interface JumpingClock extends Clock {
  jump(ms: number): void
}

export function jumpingClock(): JumpingClock {
  let ahead = 0
  const sleepers = new Set<() => void>()
  const now = () => systemClock.now() + ahead
  return {
    now,
    async sleep(ms, signal) {
      const due = now() + ms
      while (now() < due && !signal?.aborted) {
        const jumped = new AbortController()
        const wake = () => jumped.abort()
        sleepers.add(wake)
        await systemClock.sleep(
          due - now(),
          signal ? AbortSignal.any([signal, jumped.signal]) : jumped.signal,
        )
        sleepers.delete(wake)
      }
    },
    jump(ms) {
      ahead += ms
      for (const wake of [...sleepers]) wake()
    },
  }
}
