import type { EventLog } from '@pod-eip/event-log'
import { type ReadModels, toDomainEvent } from '@pod-eip/read-models'
import type { ClusterEvent, ClusterEventType } from '../record/cluster-event.ts'

const pageSize = 1_000

/** A fact as the log has it; `occurredAt` is ISO 8601. */
export type LoggedEvent = ClusterEvent & { occurredAt: string }

export interface Belief<T> {
  log: Pick<EventLog, 'read'>
  readModels: Pick<ReadModels, 'position'>
  /** What the read models say. */
  read: () => Promise<T>
  types: ClusterEventType[]
  fold: (belief: T, event: LoggedEvent) => void
}

/**
 * What the log believes at its end: the read models, which may lag, and the events that they have not folded.
 * The position is asked for first, so that nothing lies between the two; what lies in both folds to the same.
 */
export async function loadBelief<T>({ log, readModels, read, types, fold }: Belief<T>): Promise<T> {
  let after = await readModels.position()
  const belief = await read()
  for (;;) {
    const events = await log.read({ after, limit: pageSize, types })
    for (const event of events) fold(belief, toDomainEvent(event) as LoggedEvent)
    const last = events.at(-1)
    if (last === undefined || events.length < pageSize) return belief
    after = last.position
  }
}
