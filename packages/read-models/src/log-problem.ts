import type { Clock, Logger } from '@pod-eip/runtime'
import type { LogWatch } from './watch-log.ts'

export interface LogWatching {
  watch: Pick<LogWatch, 'problem'>
  clock: Clock
  logger: Pick<Logger, 'error'>
}

/** What is wrong with the log, for whoever does not go on meanwhile. Each sentence is logged when it comes. */
export interface LogProblem {
  /** Looks at the log: one sentence, or empty. @throws where the log cannot be looked at */
  look(): Promise<string>
  /** As it was last seen. */
  seen(): string
  /** Resolves once nothing is wrong. @throws where the log cannot be looked at, and when the signal aborts meanwhile */
  gone(signal: AbortSignal): Promise<void>
}

/** Between two looks of one who waits, in ms. */
export const logWaitMs = 1_000

export function logProblem({ watch, clock, logger }: LogWatching): LogProblem {
  let seen = ''
  async function look(): Promise<string> {
    const now = await watch.problem()
    if (now !== '' && now !== seen) logger.error(now)
    seen = now
    return now
  }
  return {
    look,
    seen: () => seen,
    async gone(signal) {
      while ((await look()) !== '') {
        await clock.sleep(logWaitMs, signal)
        signal.throwIfAborted()
      }
    },
  }
}
