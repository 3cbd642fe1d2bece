import type { DomainEvent } from '../events/event.ts'
import type { Intent, IntentMember, IntentOrder } from './intent.ts'

/** The member that a decision makes of its claim. */
export function memberOf({ data, correlationId, position }: DomainEvent<IntentOrder['type']>): IntentMember {
  const podUid = 'podUid' in data ? data.podUid : ''
  return {
    claim: data.claim,
    generation: data.generation,
    podUid,
    correlationId,
    decidedPosition: position,
    cancelled: false,
    done: false,
  }
}

/**
 * An intent with the changed members. It is called off when none of those that wait for its outcome wants it any
 * more, and done when none waits.
 */
export function withMembers(intent: Intent, members: IntentMember[], event: DomainEvent): Intent {
  const open = members.filter((member) => !member.done)
  const status =
    open.length === 0 ? 'done' : open.every((member) => member.cancelled) ? 'cancelled' : 'pending'
  const outcomePosition = status === 'done' ? event.position : intent.outcomePosition
  return { ...intent, members, status, outcomePosition, position: event.position }
}

/** The members with one of them changed; `null` when there is none to change. */
export function changedMember(
  members: IntentMember[],
  claim: string,
  change: Partial<Pick<IntentMember, 'cancelled' | 'done'>>,
): IntentMember[] | null {
  const meant = members.find((member) => member.claim === claim && !member.done)
  if (!meant || (change.cancelled && meant.cancelled)) return null
  return members.map((member) => (member === meant ? { ...member, ...change } : member))
}
