import type { Clock } from './clock.ts'

/** Looks now and then whether what a process depends on answers, so that its health is a fact. */
export interface Pulse {
  /** Looks until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
  /** Whether a look succeeded lately. */
  beats(): boolean
}

const everyMs = 10_000
/** So long a failing dependency is borne: a database that restarts must not restart everybody. */
const bearMs = 60_000

/**
 * @param look resolves to whether all is well; a rejection is a no
 */
export function createPulse(clock: Clock, look: () => Promise<boolean>): Pulse {
  let wellAt = clock.now()
  return {
    async run(signal) {
      while (!signal.aborted) {
        if (await look().catch(() => false)) wellAt = clock.now()
        await clock.sleep(everyMs, signal)
      }
    },
    beats: () => clock.now() - wellAt < bearMs,
  }
}
