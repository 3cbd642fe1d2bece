import { confirmDrift } from './confirm-drift.ts'
import { findDrift } from './find-drift.ts'
import { createOrphanage } from './orphans.ts'
import { readAddresses } from './read-addresses.ts'
import type { Surveying } from './surveying.ts'

/** Between two looks at the clock, in ms. */
const longestSleepMs = 5_000
/** Until the next try after a survey that failed, in ms. */
const retryMs = 30_000

export interface Surveyor {
  /** Compares again and again until the signal aborts; goes on where the last run ended. */
  run(signal: AbortSignal): Promise<void>
}

/**
 * Compares the cloud with the log every `surveyMs` and tells the log what nobody of ours did: EIPs of claims that
 * were unbound, moved or released, and EIPs of ours that no claim has. Several workers may do it at once: the log
 * takes each finding once. Nothing is changed in the cloud here; what is to be done about it the rules decide.
 */
export function createSurveyor(deps: Surveying): Surveyor {
  const { clock, settings, logger } = deps
  const orphanage = createOrphanage(deps)
  let dueAt = 0

  async function survey(signal: AbortSignal): Promise<void> {
    const read = await readAddresses(deps)
    await orphanage.look(read)
    const suspects = findDrift(read.claims, read.shown, clock.now())
    if (suspects.length > 0) await confirmDrift(suspects, read.claims.length, deps, signal)
  }

  return {
    async run(signal) {
      while (!signal.aborted) {
        // In short sleeps: the clock is the database's, and may be put right meanwhile.
        while (clock.now() < dueAt && !signal.aborted) {
          await clock.sleep(Math.min(longestSleepMs, dueAt - clock.now()), signal)
        }
        if (signal.aborted) return
        try {
          await survey(signal)
          if (!signal.aborted) dueAt = clock.now() + settings.surveyMs
        } catch (error) {
          logger.warn({ err: error }, 'the cloud could not be compared with the log; tried again')
          dueAt = clock.now() + Math.min(retryMs, settings.surveyMs)
        }
      }
    },
  }
}
