import type { Intent } from '@pod-eip/domain'
import type { IntentQueue } from '@pod-eip/queue'
import { expireAction } from '@pod-eip/queue'
import { type Alarm, alarmOf, type LogWatch, type ReadModels } from '@pod-eip/read-models'
import type { Clock, Logger } from '@pod-eip/runtime'

/** Redis may have lost jobs at any time: at the latest after this long they are put back. */
const reconcileEveryMs = 60_000
/** How often the queue is asked whether it is still the one that was filled. */
const checkEveryMs = 5_000

/** The same moment of the same claim has the same job. */
function alarmId({ claim, generation, until }: Alarm): string {
  return `expiry/${claim}/${generation}/${Date.parse(until)}`
}

export interface RelayDeps {
  /** Whether the log is as it was left; absent where nobody keeps a mark of it. */
  logWatch?: Pick<LogWatch, 'problem'>
  readModels: Pick<ReadModels, 'openIntents' | 'expiringClaims'>
  queue: IntentQueue
  clock: Clock
  logger: Logger
}

/** Puts ordered cloud calls on the queue. What is in Postgres counts; the queue is only the alarm clock. */
export interface Relay {
  /** Enqueues new intents, and hurries those that were called off. A failure is left to the reconciler. */
  relay(intents: Intent[], alarms: Alarm[]): Promise<void>
  /** Puts back whatever the queue lost: at start, when Redis began anew, and every minute. */
  reconcile(signal: AbortSignal): Promise<void>
}

export function createRelay({ readModels, queue, clock, logger, logWatch }: RelayDeps): Relay {
  async function enqueue(intents: Intent[]): Promise<void> {
    if (intents.length === 0) return
    await queue.enqueue(intents.map(({ id, action, claim }) => ({ intentId: id, action, claim })))
  }
  /** An alarm that rings too early or twice does no harm: whoever hears it looks at the claim again. */
  async function setAlarms(alarms: Alarm[]): Promise<void> {
    if (alarms.length === 0) return
    await queue.enqueue(
      alarms.map((alarm) => ({
        intentId: alarmId(alarm),
        action: expireAction,
        claim: alarm.claim,
        notBefore: Date.parse(alarm.until),
      })),
    )
  }
  async function lostAlarms(): Promise<Alarm[]> {
    const alarms = (await readModels.expiringClaims()).flatMap((claim) => alarmOf(claim) ?? [])
    const missing = new Set(await queue.missing(alarms.map(alarmId)))
    return alarms.filter((alarm) => missing.has(alarmId(alarm)))
  }
  /** What was called off must not wait out a long back-off. */
  async function hurryCancelled(intents: Intent[]): Promise<void> {
    const cancelled = intents.filter((intent) => intent.status === 'cancelled')
    if (cancelled.length > 0) await queue.hurry(cancelled.map((intent) => intent.id))
  }
  return {
    async relay(intents, alarms) {
      const open = intents.filter((intent) => intent.status !== 'done')
      if (open.length + alarms.length === 0) return
      try {
        await enqueue(open)
        await hurryCancelled(open)
        await setAlarms(alarms)
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
          // What an older log had ordered may have been done since.
          const stands = ((await logWatch?.problem()) ?? '') === ''
          const runId = await queue.runId()
          if (stands && (runId !== filled || clock.now() - filledAt >= reconcileEveryMs)) {
            const open = await readModels.openIntents()
            const missing = new Set(await queue.missing(open.map((intent) => intent.id)))
            const lost = open.filter((intent) => missing.has(intent.id))
            await enqueue(lost)
            await hurryCancelled(open)
            await setAlarms(await lostAlarms())
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
