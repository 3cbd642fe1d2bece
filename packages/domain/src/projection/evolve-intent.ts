import { type DomainEvent, isOutcome } from '../events/event.ts'
import type { IntentAction } from '../events/outcomes.ts'
import type { Intent, IntentOrder } from './intent.ts'
import { changedMember, memberOf, withMembers } from './intent-members.ts'

type OrderEvent = DomainEvent<IntentOrder['type']>

/** The intent that a decision orders, or `null` for any other event. */
export function orderedIntent(event: DomainEvent): Intent | null {
  switch (event.type) {
    case 'AllocationDecided':
      return newIntent(event, 'allocate', { type: event.type, data: event.data })
    case 'LookupDecided':
      return newIntent(event, 'lookup', { type: event.type, data: event.data })
    case 'BindingDecided':
      return newIntent(event, 'associate', { type: event.type, data: event.data })
    case 'UnbindingDecided':
      return newIntent(event, 'disassociate', { type: event.type, data: event.data })
    case 'ReleaseDecided':
      return newIntent(event, 'release', { type: event.type, data: event.data })
    default:
      return null
  }
}

function newIntent(event: OrderEvent, action: IntentAction, order: IntentOrder): Intent {
  return {
    id: order.data.intentId,
    action,
    claim: order.data.claim,
    generation: order.data.generation,
    members: [memberOf(event)],
    order,
    status: 'pending',
    decidedAt: event.occurredAt,
    decidedPosition: event.position,
    correlationId: event.correlationId,
    outcomePosition: 0,
    position: event.position,
  }
}

/** Folds another member, a cancellation or an outcome into the intent that it names. */
export function evolveIntent(intent: Intent, event: DomainEvent): Intent {
  if (isOutcome(event)) return changed(intent, event.data.claim, { done: true }, event)
  switch (event.type) {
    case 'ClaimRecovered':
      return changed(intent, event.data.claim, { done: true }, event)
    case 'AllocationDecided':
      return withMembers(intent, [...intent.members, memberOf(event)], event)
    case 'CancellationDecided':
      return changed(intent, event.data.claim, { cancelled: true }, event)
    default:
      return intent
  }
}

function changed(
  intent: Intent,
  claim: string,
  change: { cancelled: true } | { done: true },
  event: DomainEvent,
): Intent {
  const members = changedMember(intent.members, claim, change)
  return members ? withMembers(intent, members, event) : intent
}
