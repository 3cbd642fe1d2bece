import { type DecisionContext, type RecordedDecision, schemaVersions } from '@pod-eip/domain'
import type { NewEvent } from '@pod-eip/event-log'

/** A decision as the log takes it. */
export function toNewEvent(decision: RecordedDecision, context: DecisionContext): NewEvent {
  const { event, stream, correlationId, causationPosition } = decision
  return {
    stream,
    type: event.type,
    schemaVersion: schemaVersions[event.type],
    occurredAt: context.now,
    actor: 'projector',
    correlationId,
    causationPosition,
    data: event.data as unknown as NewEvent['data'],
  }
}
