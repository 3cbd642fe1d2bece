import type { DomainEvent } from '../events/event.ts'
import { isInstanceQuota } from '../events/outcomes.ts'
import { eipLimit } from './eip-limit.ts'
import { eipSlots, slotsByCount, slotsInUse } from './slots.ts'

/** A node's EIP slots: who has one, and who waits, first come first served. Plain JSON. */
export interface Node {
  name: string
  uid: string
  resourceVersion: string
  instanceId: string | null
  /** The CVM's own private address; a public address there is the CVM's own. */
  internalIp: string | null
  /** EIPs that the CVM may have beside its own public address; `null` until the Node's CPU count is known. */
  limit: number | null
  removed: boolean
  /** Claims that hold a slot. */
  holders: SlotHolder[]
  /** Claims that wait for a slot, the first to be served first. */
  waiting: SlotWaiter[]
  /** EIPs on the CVM that others bound there, its own public address included. */
  foreign: ForeignAddress[]
  /** When the cloud last said which these are, ISO 8601; empty = never for this CVM. */
  countedAt: string
  /** The cloud let no more EIPs onto the CVM than this, whatever the CPU count says. */
  refusal: SlotRefusal | null
  /** Position of the last event that changed it. */
  position: number
}

export interface SlotHolder {
  claim: string
  /** The binding that took the slot. */
  bindingId: string
  /** The CVM that it was decided for: a Node can come back as another one. */
  instanceId: string | null
  /** Position of the event with which the claim came for the slot: its place in the queue. */
  since: number
}

export interface SlotWaiter {
  claim: string
  /** As {@link SlotHolder.since}. */
  since: number
}

/** An EIP that somebody else bound. */
export interface ForeignAddress {
  addressId: string
  privateIp: string | null
}

/** What the cloud's own word taught about a CVM. */
export interface SlotRefusal {
  /** So many EIPs of ours were on it when it took no more; raised by one to try again. */
  limit: number
  /** Refusals since the last success. */
  times: number
  /** Of the last of them, ISO 8601. */
  at: string
  /** `limit` was raised since: one more is being tried. */
  raised: boolean
}

/** A node of which nothing is known yet. */
export function emptyNode(name: string): Node {
  return {
    name,
    uid: '',
    resourceVersion: '0',
    instanceId: null,
    internalIp: null,
    limit: null,
    removed: false,
    holders: [],
    waiting: [],
    foreign: [],
    countedAt: '',
    refusal: null,
    position: 0,
  }
}

/** Folds one event into a node. */
export function evolveNode(node: Node, event: DomainEvent): Node {
  const next = applied(node, event)
  return next === node ? node : { ...next, position: event.position }
}

function applied(node: Node, event: DomainEvent): Node {
  switch (event.type) {
    case 'NodeObserved':
      return observed(node, event)
    case 'NodeRemoved':
      return event.data.nodeUid === node.uid ? { ...node, removed: true } : node
    case 'NodeAddressesCounted':
      return counted(node, event)
    case 'BindingDecided': {
      const { claim, intentId: bindingId, instanceId } = event.data
      const since = node.waiting.find((w) => w.claim === claim)?.since ?? event.position
      const holders = [...node.holders, { claim, bindingId, instanceId, since }]
      return { ...node, holders, waiting: without(node.waiting, claim) }
    }
    case 'SlotAwaited':
      return queued(node, { claim: event.data.claim, since: event.position })
    case 'SlotForgone':
      return { ...node, waiting: without(node.waiting, event.data.claim) }
    case 'BindingFailed':
      return isInstanceQuota(event.data.code) ? refused(node, event) : freed(node, event.data.intentId)
    case 'BindingAbandoned':
      return freed(node, event.data.intentId)
    case 'AddressBound':
      return tried(node)
    case 'AddressUnbound':
      return freed(node, event.data.bindingId)
    default:
      return node
  }
}

function observed(node: Node, event: DomainEvent<'NodeObserved'>): Node {
  const { data } = event
  if (BigInt(data.resourceVersion) <= BigInt(node.resourceVersion)) return node
  const sameCvm = data.instanceId === node.instanceId
  return {
    ...node,
    uid: data.nodeUid,
    resourceVersion: data.resourceVersion,
    instanceId: data.instanceId,
    internalIp: data.internalIp,
    limit: data.cpu === null ? null : eipLimit(data.cpu),
    removed: false,
    ...(!sameCvm && { foreign: [], countedAt: '', refusal: null }),
  }
}

/** The cloud's count either explains its refusal, or shows room: then one more is tried. */
function counted(node: Node, event: DomainEvent<'NodeAddressesCounted'>): Node {
  if (event.data.instanceId !== node.instanceId) return node
  const next: Node = { ...node, foreign: event.data.foreign, countedAt: event.occurredAt }
  const { refusal } = next
  const slots = slotsByCount(next)
  if (!refusal || slots === null) return next
  if (slots <= refusal.limit) return { ...next, refusal: null }
  return { ...next, refusal: { ...refusal, limit: refusal.limit + 1, raised: true } }
}

/** The cloud refused: the claim goes back to its place in the queue, and no more are tried than there are. */
function refused(node: Node, event: DomainEvent<'BindingFailed'>): Node {
  const holder = node.holders.find((h) => h.bindingId === event.data.intentId)
  if (!holder) return node
  const { claim, since } = holder
  const next = queued(freed(node, holder.bindingId), { claim, since })
  // What was decided for a CVM that the Node no longer is says nothing about this one.
  if (holder.instanceId !== node.instanceId) return next
  const times = (node.refusal?.times ?? 0) + 1
  return { ...next, refusal: { limit: slotsInUse(next), times, at: event.occurredAt, raised: false } }
}

/** One more that was tried was let through: then perhaps another. */
function tried(node: Node): Node {
  const { refusal } = node
  if (!refusal?.raised || slotsInUse(node) < refusal.limit) return node
  const limit = refusal.limit + 1
  return { ...node, refusal: limit < slotsByCount(node)! ? { ...refusal, limit, times: 0 } : null }
}

/** A claim that waits already keeps its place. */
function queued(node: Node, waiter: SlotWaiter): Node {
  if (node.waiting.some((w) => w.claim === waiter.claim)) return node
  return { ...node, waiting: [...node.waiting, waiter].sort((a, b) => a.since - b.since) }
}

/**
 * Whether the claim may take a slot now: one is free, and not needed for somebody who waited longer.
 * `null` while the limit is not known.
 */
export function slotFor(node: Node, claim: string): boolean | null {
  const slots = eipSlots(node)
  if (slots === null) return null
  const place = node.waiting.findIndex((w) => w.claim === claim)
  const ahead = place === -1 ? node.waiting.length : place
  return slotsInUse(node) + ahead < slots
}

function freed(node: Node, bindingId: string): Node {
  if (!node.holders.some((h) => h.bindingId === bindingId)) return node
  return { ...node, holders: node.holders.filter((h) => h.bindingId !== bindingId) }
}

function without(waiting: SlotWaiter[], claim: string): SlotWaiter[] {
  return waiting.some((w) => w.claim === claim) ? waiting.filter((w) => w.claim !== claim) : waiting
}
