import type { Settings } from '@pod-eip/domain'
import {
  type AdvanceOptions,
  type LogWatch,
  NewerBuildError,
  type ProjectionStore,
  type ReadModels,
} from '@pod-eip/read-models'
import type { Clock, Ids, Logger } from '@pod-eip/runtime'
import { createRelay, type RelayDeps } from './relay.ts'

export interface ProjectorDeps extends RelayDeps {
  /** Resolves when the log may have grown past `position`, at the latest after some seconds. */
  waitForMore(position: number, signal: AbortSignal): Promise<void>
  store: ProjectionStore
  /** Whether the log is as it was left; absent where nobody keeps a mark of it. */
  logWatch?: LogWatch
  readModels: RelayDeps['readModels'] & Pick<ReadModels, 'claims'>
  clock: Clock
  ids: Ids
  settings: Settings
  logger: Logger
}

export interface Projector {
  /** Projects and relays until the signal aborts. Failures of the stores are waited out. */
  run(signal: AbortSignal): Promise<void>
  /**
   * Position folded so far, when a step last succeeded (epoch ms), and what only an operator can mend: one
   * sentence, else empty.
   */
  health(): { position: number; lastProgressAt: number; problem: string }
}

const stepSize: AdvanceOptions = { maxEvents: 2_000, maxClaims: 500 }
/** Wait after a failed step: a database that restarts needs a moment. */
const retryMs = 1_000
/** Wait while the log is an older one than there was: until somebody has run `eipctl recover`. */
const wentBackRetryMs = 2_000
/** Wait when only another build can go on. */
const newerBuildRetryMs = 30_000

/**
 * Folds the log into the read models, decides, and relays the cloud calls that were ordered. Two of them do
 * no harm: each event is folded once, and a job enqueued twice is one job.
 */
export function createProjector(deps: ProjectorDeps): Projector {
  const { store, readModels, clock, ids, settings, logger, logWatch } = deps
  const relay = createRelay(deps)
  let position = 0
  let lastProgressAt = clock.now()
  let problem = ''

  async function step(revisit?: string[]): Promise<{ more: boolean; dueAt: number | null }> {
    const report = await store.advance(revisit ? { ...stepSize, revisit } : stepSize, {
      now: new Date(clock.now()).toISOString(),
      nextId: () => ids.next(),
      settings,
    })
    position = report.position
    lastProgressAt = clock.now()
    problem = ''
    if (report.folded + report.decided > 0) {
      logger.debug({ position, folded: report.folded, decided: report.decided }, 'projected')
    }
    await relay.relay(report.intents, report.alarms)
    await logWatch?.mark(position)
    return report
  }

  /** The settings may be others than at the last start: retained claims are decided about again. */
  async function revisitRetained(): Promise<void> {
    const open = await readModels.claims({ open: true })
    const retained = open.filter((claim) => claim.retained).map((claim) => claim.key)
    if (retained.length > 0) await step(retained)
  }

  /** Until the log may have grown, or `dueAt`. */
  async function waitForMore(dueAt: number | null, signal: AbortSignal): Promise<void> {
    if (dueAt === null) return deps.waitForMore(position, signal)
    const over = new AbortController()
    const either = AbortSignal.any([signal, over.signal])
    const left = Math.max(0, dueAt - clock.now())
    await Promise.race([deps.waitForMore(position, either), clock.sleep(left, either)])
    over.abort()
  }

  async function project(signal: AbortSignal): Promise<void> {
    let revisited = false
    while (!signal.aborted) {
      try {
        const wentBack = (await logWatch?.problem()) ?? ''
        if (wentBack !== '') {
          if (problem !== wentBack) logger.error({ position }, wentBack)
          problem = wentBack
          await clock.sleep(wentBackRetryMs, signal)
          continue
        }
        if (!revisited) await revisitRetained()
        revisited = true
        const { more, dueAt } = await step()
        if (!more) await waitForMore(dueAt, signal)
      } catch (error) {
        if (error instanceof NewerBuildError) {
          problem = error.message
          logger.error({ position }, problem)
          await clock.sleep(newerBuildRetryMs, signal)
        } else {
          logger.error({ err: error, position }, 'a projection step failed and is tried again')
          await clock.sleep(retryMs, signal)
        }
      }
    }
  }

  return {
    run: async (signal) => {
      await Promise.all([project(signal), relay.reconcile(signal)])
    },
    health: () => ({ position, lastProgressAt, problem }),
  }
}
