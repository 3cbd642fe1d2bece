import { confirmDrift } from './confirm-drift.ts'
import { findDrift } from './find-drift.ts'
import { createOrphanage } from './orphans.ts'
import { readAddresses } from './read-addresses.ts'
import { createSurveyRequests } from './survey-requests.ts'
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
 * Compares the cloud with the log every `surveyMs`, and when somebody asks for it in the log, and tells the log what nobody of ours did: EIPs of claims that
 * were unbound, moved or released, and EIPs of ours that no claim has. Several workers may do it at once: the log
 * takes each finding once. Nothing is changed in the cloud here; what is to be done about it the rules decide.
 */
export function createSurveyor(deps: Surveying): Surveyor {
  const { clock, settings, logger, counts } = deps
  const orphanage = createOrphanage(deps)
  const requests = createSurveyRequests(deps)
  let dueAt = 0
  let failed = false

  async function survey(signal: AbortSignal): Promise<void> {
    const asked = await requests.waiting()
    const read = await readAddresses(deps)
    const unclaimed = await orphanage.look(read)
    const suspects = findDrift(read.claims, read.shown, clock.now())
    const goneConfirmed = asked.some(({ data }) => data.goneConfirmed === true)
    const drift =
      suspects.length === 0
        ? { drifted: 0 }
        : await confirmDrift(suspects, read.claims.length, goneConfirmed, deps, signal)
    // Whoever goes on makes what was asked for.
    if (signal.aborted) return
    const findings = { claims: read.claims.length, addresses: read.shown.size, ...drift, ...unclaimed }
    await requests.answer(asked, findings)
    counts.made(findings, clock.now())
  }

  /** Whether somebody waits for a survey; not being able to tell for now is no reason for one. */
  const isAskedFor = () =>
    requests.waiting().then(
      (waiting) => waiting.length > 0,
      () => false,
    )

  /** Resolves when the next one is due, or asked for. */
  async function isDue(signal: AbortSignal): Promise<void> {
    while (clock.now() < dueAt && !signal.aborted) {
      // One that failed is tried again in its time, asked for or not.
      if (!failed && (await isAskedFor())) return
      // In short sleeps: the clock is the database's, and may be put right meanwhile.
      await clock.sleep(Math.min(longestSleepMs, dueAt - clock.now()), signal)
    }
  }

  return {
    async run(signal) {
      while (!signal.aborted) {
        await isDue(signal)
        if (signal.aborted) return
        try {
          await survey(signal)
          failed = false
          if (!signal.aborted) dueAt = clock.now() + settings.surveyMs
        } catch (error) {
          logger.warn({ err: error }, 'the cloud could not be compared with the log; tried again')
          counts.failed()
          failed = true
          dueAt = clock.now() + Math.min(retryMs, settings.surveyMs)
        }
      }
    },
  }
}
