import type { DomainEvent } from '../events/event.ts'
import { isGone } from '../events/outcomes.ts'

/** An EIP that the log knows. Plain JSON. */
export interface Address {
  id: string
  publicIp: string
  claim: string
  generation: number
  allocationId: string
  allocatedAt: string
  /** Latest time of its allocation, binding or unbinding: no holding begins before it. */
  changedAt: string
  /** Empty while it is ours. */
  releasedAt: string
  position: number
}

/** The interval in which one Pod held one address on one node. Plain JSON. */
export interface Holding {
  /** The intent that bound it. */
  id: string
  addressId: string
  publicIp: string
  claim: string
  generation: number
  podUid: string
  node: string
  privateIp: string
  networkInterfaceId: string
  from: string
  /** Empty while it lasts. */
  to: string
  position: number
}

/** The addresses that an event brings or changes. */
export function evolveAddress(
  before: Address | undefined,
  event: DomainEvent,
  id: string,
): Address | undefined {
  if (event.type === 'AllocationCompleted') {
    const brought = event.data.addresses.find((a) => a.addressId === id)
    if (!brought || before) return before
    return {
      id,
      publicIp: brought.publicIp,
      claim: event.data.claim,
      generation: event.data.generation,
      allocationId: event.data.allocationId,
      allocatedAt: event.occurredAt,
      changedAt: event.occurredAt,
      releasedAt: '',
      position: event.position,
    }
  }
  if (event.type === 'OrphanFound') return orphan(before, event, id)
  if (!before) return before
  const { type } = event
  const unbound = type === 'AddressUnbound' || (type === 'AddressDrifted' && event.data.binding !== null)
  if (type === 'AddressBound' || (unbound && !isReleased(event))) {
    return { ...before, changedAt: later(event.occurredAt, before.changedAt), position: event.position }
  }
  if (isReleased(event)) {
    return { ...before, releasedAt: event.occurredAt, position: event.position }
  }
  return before
}

function isReleased(event: DomainEvent): boolean {
  if (event.type === 'AddressDrifted') return event.data.drift.kind === 'Released'
  return event.type === 'AddressReleased' || (event.type === 'BindingFailed' && isGone(event.data.code))
}

/** An EIP that is there although the log did not know it, or knew it to be released. */
function orphan(before: Address | undefined, event: DomainEvent<'OrphanFound'>, id: string): Address {
  const { publicIp, claim, generation, allocationId } = event.data
  const at = event.occurredAt
  const known = before ?? { allocatedAt: at, changedAt: at, position: 0 }
  return {
    ...known,
    ...{ id, publicIp, claim, generation, allocationId, releasedAt: '', position: event.position },
  }
}

/**
 * The holding that a binding begins or an unbinding ends. Workers' clocks differ: an interval never ends
 * before it begins, nor begins before the address was free.
 */
export function evolveHolding(
  before: Holding | undefined,
  event: DomainEvent,
  address: Pick<Address, 'changedAt'> | undefined,
): Holding | undefined {
  if (event.type === 'AddressBound' && !before) {
    const { data } = event
    return {
      id: data.intentId,
      addressId: data.addressId,
      publicIp: data.publicIp,
      claim: data.claim,
      generation: data.generation,
      podUid: data.podUid,
      node: data.node,
      privateIp: data.privateIp,
      networkInterfaceId: data.networkInterfaceId,
      from: later(event.occurredAt, address?.changedAt ?? ''),
      to: '',
      position: event.position,
    }
  }
  const ends = event.type === 'AddressUnbound' || event.type === 'AddressDrifted'
  if (ends && before && before.to === '') {
    return { ...before, to: later(event.occurredAt, before.from), position: event.position }
  }
  return before
}

/** ISO 8601 times in UTC order as text. */
function later(a: string, b: string): string {
  return a > b ? a : b
}
