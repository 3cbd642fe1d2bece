import { handleIntent, type IntentHandling } from '@pod-eip/cloud-calls'
import { expireAction, type IntentQueue } from '@pod-eip/queue'
import type { Logger, Metrics } from '@pod-eip/runtime'
import { type WatchingEgress, watchEgress } from './egress/watch-egress.ts'
import { type ExpiryHandling, handleExpiry } from './handle-expiry.ts'
import { inTurn, type TakingTurns } from './in-turn.ts'
import { type CountingNodes, countNodes } from './node-addresses/count-nodes.ts'
import { createSurveyor } from './survey/survey.ts'
import { createSurveyCounts } from './survey/survey-counts.ts'
import type { Surveying } from './survey/surveying.ts'

export interface WorkerDeps
  extends IntentHandling,
    ExpiryHandling,
    CountingNodes,
    WatchingEgress,
    Omit<Surveying, 'counts'>,
    TakingTurns {
  readModels: IntentHandling['readModels'] &
    ExpiryHandling['readModels'] &
    CountingNodes['readModels'] &
    WatchingEgress['readModels'] &
    Surveying['readModels']
  settings: IntentHandling['settings'] & Surveying['settings']
  cloud: IntentHandling['cloud']
  log: CountingNodes['log'] & Surveying['log']
  queue: Pick<IntentQueue, 'consume' | 'progress'>
  /** Intents worked on at once. */
  concurrency: number
  logger: Logger
  metrics: Metrics
}

export interface Worker {
  /** Works until the signal aborts and the steps under way have ended. */
  run(signal: AbortSignal): Promise<void>
}

/**
 * Makes the cloud calls that were ordered, and appends what became of them; tells the log which EIPs of others
 * the nodes' CVMs have, where NAT gateways come before EIPs, and what others did to EIPs of ours. Of several workers
 * one does so at a time; the others stand by.
 */
export function createWorker(deps: WorkerDeps): Worker {
  const { queue, concurrency, logger, owner } = deps
  const makeCalls = (signal: AbortSignal) =>
    queue.consume({
      concurrency,
      signal,
      handler: async (job) => {
        const handled = await (job.action === expireAction
          ? handleExpiry(job.claim, deps)
          : handleIntent(job.intentId, deps))
        logger.debug(
          { claim: job.claim, intent: job.intentId, action: job.action, owner, ...handled },
          'step taken',
        )
        return handled
      },
    })
  const surveyor = createSurveyor({ ...deps, counts: createSurveyCounts(deps.metrics) })
  return {
    run: (signal) =>
      inTurn(deps, signal, async (turn) => {
        await Promise.all([
          makeCalls(turn),
          countNodes(deps, turn),
          watchEgress(deps, turn),
          surveyor.run(turn),
        ])
      }),
  }
}
