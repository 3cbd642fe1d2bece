import type { Intent } from '@pod-eip/domain'
import type { IntentQueue } from '@pod-eip/queue'
import type { ReadModels } from '@pod-eip/read-models'
import type { Clock, Logger } from '@pod-eip/runtime'

/** Redis may have lost jobs at any time: at the latest after this long they are put back. */
const reconcileEveryMs = 60_000
/** How often the queue is asked whether it is still the one that was filled. */
const checkEveryMs = 5_000

export interface RelayDeps {
  readModels: Pick<ReadModels, 'openIntents'>
  queue: IntentQueue
  clock: Clock
  logger: Logger
}

/** Puts ordered cloud calls on the queue. What is in Postgres counts; the queue is only the alarm clock. */
export interface Relay {
  /** Enqueues new intents, and hurries those that were called off. A failure is left to the reconciler. */
  relay(intents: Intent[]): Promise<void>
  /** Puts back whatever the queue lost: at start, when Redis began anew, and every minute. */
  reconcile(signal: AbortSignal): Promise<void>
}

export function createRelay({ readModels, queue, clock, logger }: RelayDeps): Relay {
  async function enqueue(intents: Intent[]): Promise<void> {
    if (intents.length === 0) return
    await queue.enqueue(intents.map(({ id, action, claim }) => ({ intentId: id, action, claim })))
  }
  /** What was called off must not wait out a long back-off. */
  async function hurryCancelled(intents: Intent[]): Promise<void> {
    const cancelled = intents.filter((intent) => intent.status === 'cancelled')
    if (cancelled.length > 0) await queue.hurry(cancelled.map((intent) => intent.id))
  }
  return {
    async relay(intents) {
      const open = intents.filter((intent) => intent.status !== 'done')
      if (open.length === 0) return
      try {
        await enqueue(open)
        await hurryCancelled(open)
      } catch (error) {
        logger.warn(
          { err: error, intents: open.length },
          'the queue did not take intents; the reconciler brings them',
        )
      }
    },
    async reconcile(signal) {
      let filled = ''
      let filledAt = Number.NEGATIVE_INFINITY
      while (!signal.aborted) {
        try {
          const runId = await queue.runId()
          if (runId !== filled || clock.now() - filledAt >= reconcileEveryMs) {
            const open = await readModels.openIntents()
            const missing = new Set(await queue.missing(open.map((intent) => intent.id)))
            const lost = open.filter((intent) => missing.has(intent.id))
            await enqueue(lost)
            await hurryCancelled(open)
            filled = runId
            filledAt = clock.now()
          }
        } catch (error) {
          logger.warn({ err: error }, 'the queue could not be reconciled and is tried again')
        }
        await clock.sleep(checkEveryMs, signal)
      }
    },
  }
}
