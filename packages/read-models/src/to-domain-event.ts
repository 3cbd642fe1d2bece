import type { DecisionContext, DomainEvent, RecordedDecision } from '@pod-eip/domain'
import { schemaVersions } from '@pod-eip/domain'
import type { NewEvent, RecordedEvent } from '@pod-eip/event-log'

/** A fact of the log as the rules see it. */
export function toDomainEvent(recorded: RecordedEvent): DomainEvent {
  const { type, data, position, occurredAt, correlationId } = recorded
  return { type, data, position, occurredAt, correlationId } as unknown as DomainEvent
}

/** A decision as the log takes it. */
export function toNewEvent(decision: RecordedDecision, context: DecisionContext): NewEvent {
  const { event, stream, correlationId, causationPosition } = decision
  return {
    stream,
    type: event.type,
    schemaVersion: schemaVersions[event.type] ?? 1,
    occurredAt: context.now,
    actor: 'projector',
    correlationId,
    causationPosition,
    data: event.data as unknown as NewEvent['data'],
  }
}
