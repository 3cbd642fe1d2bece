import type { Clock } from '@pod-eip/runtime'

/** Something to do, heard of while somebody waits for it or before. */
export interface Wake {
  now(): void
  /** Until it was woken, `at` (epoch ms) has come, or the signal has aborted. */
  wait(at: number, signal: AbortSignal): Promise<void>
  /** What was heard of so far is being done. */
  heard(): void
}

export function createWake(clock: Clock): Wake {
  let due = false
  let ring = () => {}
  return {
    now() {
      due = true
      ring()
    },
    async wait(at, signal) {
      const woken = Promise.withResolvers<void>()
      ring = woken.resolve
      if (due || signal.aborted) return
      const done = new AbortController()
      const either = AbortSignal.any([signal, done.signal])
      const ms = Math.max(0, at - clock.now())
      await Promise.race([woken.promise, Number.isFinite(ms) ? clock.sleep(ms, either) : aborted(signal)])
      done.abort()
    },
    heard() {
      due = false
    },
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
