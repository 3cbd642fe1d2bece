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
  if (event.type === 'ClaimRecovered') return recovered(before, event, id)
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

/** One that is proved to be a claim's, or that the cloud has no more. */
function recovered(
  before: Address | undefined,
  { data, occurredAt: at, position }: DomainEvent<'ClaimRecovered'>,
  id: string,
): Address | undefined {
  const { claim, generation, address } = data
  if (address?.source === 'auto' && address.id === id) {
    const { publicIp, allocationId } = address
    const allocatedAt = before?.allocatedAt ?? at
    const changedAt = later(at, before?.changedAt ?? '')
    return { id, publicIp, claim, generation, allocationId, allocatedAt, changedAt, releasedAt: '', position }
  }
  return before && before.releasedAt === '' ? { ...before, releasedAt: at, position } : before
}

/**
 * The holding that a binding begins or an unbinding ends. Workers' clocks differ: an interval never ends
 * before it begins, nor begins before the address was free.
 */
export function evolveHolding(
  before: Holding | undefined,
  event: DomainEvent,
  address: Pick<Address, 'changedAt'> | undefined,
  id = '',
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
  if (event.type === 'ClaimRecovered' && !before) return recoveredHolding(event, id, address)
  const ends =
    event.type === 'ClaimRecovered' || event.type === 'AddressUnbound' || event.type === 'AddressDrifted'
  if (ends && before && before.to === '') {
    return { ...before, to: later(event.occurredAt, before.from), position: event.position }
  }
  return before
}

/** Since when it lasts is known to the time at which it was noticed, not before: somebody else had the EIP until then. */
function recoveredHolding(
  { data, occurredAt, position }: DomainEvent<'ClaimRecovered'>,
  id: string,
  address: Pick<Address, 'changedAt'> | undefined,
): Holding | undefined {
  const { claim, generation, address: held, binding } = data
  if (!held || binding?.id !== id) return undefined
  return {
    ...{ id, addressId: held.id, publicIp: held.publicIp, claim, generation, podUid: binding.podUid },
    ...{ node: binding.node, privateIp: binding.privateIp, networkInterfaceId: binding.networkInterfaceId },
    ...{ from: later(occurredAt, address?.changedAt ?? ''), to: '', position },
  }
}

/** ISO 8601 times in UTC order as text. */
function later(a: string, b: string): string {
  return a > b ? a : b
}
