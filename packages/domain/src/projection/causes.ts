import type { Claim } from '../claim/claim.ts'
import type { Decision } from '../claim/decision.ts'
import type { NewDomainEvent } from '../events/event.ts'

/** Positions of the latest events that may let claims go on although they are not about them, by what changed. */
export type Causes = Map<string, number>

type Placed = NewDomainEvent & { position: number }

/** What a batch of events, in their order, may have set going. */
export function causesIn(events: Iterable<Placed>): Causes {
  const causes: Causes = new Map()
  for (const event of events) noteCause(causes, event)
  return causes
}

/** Takes one more event into account, in place. */
export function noteCause(causes: Causes, event: Placed): void {
  for (const what of changedBy(event)) causes.set(what, event.position)
}

/**
 * Position of the event that led to a decision: the last one about the claim itself or, where it is later, the one
 * that made room on its node or at an EIP of its list, ended its owner, or is the operator's word.
 */
export function causePosition(decision: Decision, claim: Claim, causes: Causes): number {
  return Math.max(claim.position, ...leadingTo(decision, claim).map((what) => causes.get(what) ?? 0))
}

function changedBy(event: NewDomainEvent): string[] {
  switch (event.type) {
    case 'NodeObserved':
    case 'NodeAddressesCounted':
    case 'BindingFailed':
    case 'BindingAbandoned':
    case 'AddressUnbound':
    case 'SlotForgone':
      return [`node/${event.data.node}`]
    case 'AddressDrifted':
      return event.data.binding ? [`node/${event.data.binding.node}`] : []
    case 'ListedAddressForgone':
      return event.data.addressIds.map((id) => `listing/${id}`)
    case 'ListedAddressGivenBack':
      return [`listing/${event.data.addressId}`]
    case 'OwnerEnded':
      return [`owner/${event.data.owner.uid}`]
    case 'GuardConfirmed':
    case 'GuardDenied':
      return [`guard/${event.data.guard}`]
    default:
      return []
  }
}

function leadingTo({ type, data }: Decision, claim: Claim): string[] {
  switch (type) {
    case 'BindingDecided':
    case 'SlotAwaited':
      return claim.awaitingSlotOn === data.node ? [`node/${data.node}`] : []
    case 'LookupDecided':
    case 'ListedAddressChosen':
    case 'ListedAddressAwaited':
      return claim.search.awaited.map((id) => `listing/${id}`)
    case 'ReleaseDecided':
    case 'ListedAddressGivenBack':
    case 'ClaimClosed':
      return data.cause === 'OwnerEnded' && claim.owner ? [`owner/${claim.owner.uid}`] : []
    case 'HoldEnded':
      return [`guard/${data.guard}`]
    default:
      return []
  }
}
