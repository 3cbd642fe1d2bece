import type { DecisionContext, RecordedDecision } from '@pod-eip/domain'
import type { NewEvent } from '@pod-eip/event-log'
import { toNewEvent } from './to-new-event.ts'

/** A decision as the projector records it. */
export function decisionEvent(decision: RecordedDecision, { now }: DecisionContext): NewEvent {
  const { event, correlationId, causationPosition } = decision
  return toNewEvent(event, { occurredAt: now, actor: 'projector', correlationId, causationPosition })
}
