import { streamOf } from '@pod-eip/domain'
import type { Checkpoints, EventLog, RecordedEvent } from '@pod-eip/event-log'
import { NewerBuildError, type ReadModels, toDomainEvent } from '@pod-eip/read-models'
import type { Clock, Logger, Random } from '@pod-eip/runtime'
import { isPublished } from './publication.ts'
import { untilItWorks } from './retry.ts'
import { urgencyOf } from './urgency.ts'
import type { Backlog } from './work-queue/backlog.ts'
import type { Urgency } from './work-queue/turns.ts'

/** The publisher's checkpoint in the log. */
export const publisherCheckpoint = 'publisher'

export interface FollowLogDeps {
  log: Pick<EventLog, 'subscribe'>
  checkpoints: Checkpoints
  readModels: Pick<ReadModels, 'position'>
  backlog: Backlog
  /** Something happened that is to be published. */
  onChange: (stream: string, urgency: Urgency) => void
  signal: AbortSignal
  clock: Clock
  random: Random
  logger: Logger
  /** What is in the log only a newer build can publish: one sentence. Nothing more is brought. */
  onStandstill: (sentence: string) => void
}

/** Events that may wait to be published; past it reading pauses. */
const mostWaiting = 10_000
/** Between two looks at how far the projector is, and between two saves of the checkpoint. */
const pollMs = 100
const saveEveryMs = 1_000

/** Brings new events of the log, each once the read models show what it led to. */
export function followLog(deps: FollowLogDeps) {
  const { log, checkpoints, readModels, backlog, onChange, onStandstill, signal, clock, random, logger } =
    deps
  const patiently = <T>(what: string, call: () => Promise<T>) =>
    untilItWorks(call, {
      ...{ signal, clock, random },
      onFailure: ({ error, ...retry }) => logger.warn({ err: error, ...retry }, `${what}; tried again`),
    })
  let saved = 0

  async function modelsAt(position: number): Promise<void> {
    while (!signal.aborted) {
      const folded = await patiently('the read models do not answer', () => readModels.position())
      if (folded === undefined || folded >= position) return
      await clock.sleep(pollMs, signal)
    }
  }

  /** The event, or nothing once the signal has aborted: what a newer build wrote stays unread until then. */
  async function readable(recorded: RecordedEvent) {
    try {
      return toDomainEvent(recorded)
    } catch (error) {
      if (!(error instanceof NewerBuildError)) throw error
      logger.error({ position: recorded.position }, error.message)
      onStandstill(error.message)
      await new Promise<void>((resolve) => {
        if (signal.aborted) resolve()
        signal.addEventListener('abort', () => resolve(), { once: true })
      })
      return null
    }
  }

  async function onBatch(events: RecordedEvent[]): Promise<void> {
    const last = events.at(-1)
    if (!last) return
    await modelsAt(last.position)
    if (signal.aborted) return
    for (const recorded of events) {
      const event = await readable(recorded)
      if (!event) return
      const stream = streamOf(event)
      // What is about no claim and no Node has nowhere to be shown.
      if (!isPublished(stream)) {
        backlog.pass(event.position)
        continue
      }
      backlog.add(stream, event)
      onChange(stream, urgencyOf(event))
    }
    await backlog.roomBelow(mostWaiting, signal)
  }

  return {
    /** Reads the checkpoint, and waits until the read models are no older than it. Returns its position. */
    async begin(): Promise<number> {
      const checkpoint = await patiently('the checkpoint cannot be read', () =>
        checkpoints.load(publisherCheckpoint),
      )
      if (!checkpoint) return 0
      saved = checkpoint.position
      backlog.begin(saved)
      await modelsAt(saved)
      return saved
    },
    /** Until the signal aborts. */
    follow: () => log.subscribe({ after: saved, signal, onBatch }),
    /** Saves how far everything is published, again and again until the signal aborts. */
    async saveCheckpoints(): Promise<void> {
      while (!signal.aborted) {
        await clock.sleep(saveEveryMs, signal)
        const position = backlog.publishedUpTo()
        if (position <= saved) continue
        try {
          await checkpoints.save(publisherCheckpoint, position)
          saved = position
        } catch (error) {
          logger.warn({ err: error, position }, 'the checkpoint was not saved; tried again')
        }
      }
    },
  }
}
