import type { DomainEvent, EventType } from '@pod-eip/domain'
import { toDomainEvent } from '@pod-eip/read-models'
import type { ControlPlane } from '../stage/control-plane.ts'

/** All events of a type so far, whatever schema they were written in. */
export function eventsOf<T extends EventType>({ log }: ControlPlane, type: T): DomainEvent<T>[] {
  const recorded = log.readNow({ after: 0, limit: Number.MAX_SAFE_INTEGER, types: [type] })
  return recorded.map((event) => toDomainEvent(event) as DomainEvent<T>)
}
