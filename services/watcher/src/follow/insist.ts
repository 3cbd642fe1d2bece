import type { Clock, Logger, Random } from '@pod-eip/runtime'

const firstWaitMs = 200
const longestWaitMs = 10_000

export interface Insisting {
  clock: Clock
  random: Random
  logger: Logger
  signal: AbortSignal
}

/**
 * Tries until it works. A watcher has nothing better to do than to wait for its stores: whatever it has seen
 * and not recorded is still owed.
 * @param what for the log, such as `append to the log`
 * @param isHopeless tells errors that trying again cannot mend; they are thrown
 * @throws the signal's reason once it has aborted, if the attempt under way fails
 */
export async function insist<T>(
  what: string,
  attempt: () => Promise<T>,
  { clock, random, logger, signal }: Insisting,
  isHopeless: (error: unknown) => boolean = () => false,
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (isHopeless(error)) throw error
      signal.throwIfAborted()
      const ceiling = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures - 1, 16))
      const delayMs = Math.round(ceiling / 2 + (ceiling / 2) * random.next())
      logger.warn({ err: error, failures, delayMs }, `could not ${what}; it is tried again`)
      await clock.sleep(delayMs, signal)
      signal.throwIfAborted()
    }
  }
}
