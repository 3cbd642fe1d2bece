import { expireAction, type IntentQueue } from '@pod-eip/queue'
import type { Logger } from '@pod-eip/runtime'
import { type ExpiryHandling, handleExpiry } from './handle-expiry.ts'
import { handleIntent, type IntentHandling } from './handle-intent.ts'
import { type CountingNodes, countNodes } from './node-addresses/count-nodes.ts'

export interface WorkerDeps extends IntentHandling, ExpiryHandling, CountingNodes {
  readModels: IntentHandling['readModels'] & ExpiryHandling['readModels'] & CountingNodes['readModels']
  queue: Pick<IntentQueue, 'consume'>
  /** Intents worked on at once. */
  concurrency: number
  logger: Logger
}

export interface Worker {
  /** Works until the signal aborts and the steps under way have ended. */
  run(signal: AbortSignal): Promise<void>
}

/**
 * Makes the cloud calls that were ordered, and appends what became of them; and tells the log which EIPs of
 * others the nodes' CVMs have.
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
  return {
    async run(signal) {
      await Promise.all([makeCalls(signal), countNodes(deps, signal)])
    },
  }
}
