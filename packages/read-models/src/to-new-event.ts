import { type NewDomainEvent, schemaVersions, streamOf } from '@pod-eip/domain'
import type { NewEvent } from '@pod-eip/event-log'

/** What the log keeps of a fact beside the fact itself; see {@link NewEvent}. */
export type Origin = Pick<
  NewEvent,
  'occurredAt' | 'actor' | 'correlationId' | 'causationPosition' | 'dedupeKey'
>

/** A fact as the log takes it, in the schema version that this build writes. */
export function toNewEvent(event: NewDomainEvent, origin: Origin): NewEvent {
  return {
    stream: streamOf(event),
    type: event.type,
    schemaVersion: schemaVersions[event.type],
    ...origin,
    data: event.data as unknown as NewEvent['data'],
  }
}
