import type { DomainEvent, EventData } from '../events/event.ts'
import { type IntentAction, isGone } from '../events/outcomes.ts'
import { changedMember, type IntentMember, memberOf, withMembers } from './intent-members.ts'

/** A cloud call that was decided, and whether it still is wanted. Plain JSON. */
export interface Intent {
  id: string
  action: IntentAction
  /** The first of its members. */
  claim: string
  generation: number
  /** Whom it is for, in order: an allocation may be for several, any other call is for one. */
  members: IntentMember[]
  /** Data of the decision that ordered it, of the first member. */
  order: IntentOrder
  status: 'pending' | 'cancelled' | 'done'
  decidedAt: string
  decidedPosition: number
  correlationId: string
  /** 0 until there is one. */
  outcomePosition: number
  position: number
}

/** The decisions that order a cloud call. */
export type IntentOrder =
  | { type: 'AllocationDecided'; data: EventData['AllocationDecided'] }
  | { type: 'LookupDecided'; data: EventData['LookupDecided'] }
  | { type: 'BindingDecided'; data: EventData['BindingDecided'] }
  | { type: 'UnbindingDecided'; data: EventData['UnbindingDecided'] }
  | { type: 'ReleaseDecided'; data: EventData['ReleaseDecided'] }

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
  switch (event.type) {
    case 'AllocationDecided':
      return withMembers(intent, [...intent.members, memberOf(event)], event)
    case 'CancellationDecided':
      return changed(intent, event.data.claim, { cancelled: true }, event)
    case 'AllocationCompleted':
    case 'AllocationFailed':
    case 'AllocationSplit':
    case 'AllocationAbandoned':
    case 'LookupCompleted':
    case 'LookupFailed':
    case 'LookupAbandoned':
    case 'AddressBound':
    case 'BindingFailed':
    case 'BindingAbandoned':
    case 'AddressUnbound':
    case 'AddressReleased':
      return changed(intent, event.data.claim, { done: true }, event)
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
  if (!before) return before
  if (event.type === 'AddressBound' || event.type === 'AddressUnbound') {
    return { ...before, changedAt: later(event.occurredAt, before.changedAt), position: event.position }
  }
  const gone = event.type === 'BindingFailed' && isGone(event.data.code)
  if (event.type === 'AddressReleased' || gone) {
    return { ...before, releasedAt: event.occurredAt, position: event.position }
  }
  return before
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
  if (event.type === 'AddressUnbound' && before && before.to === '') {
    return { ...before, to: later(event.occurredAt, before.from), position: event.position }
  }
  return before
}

/** ISO 8601 times in UTC order as text. */
function later(a: string, b: string): string {
  return a > b ? a : b
}
