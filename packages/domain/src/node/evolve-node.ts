import type { DomainEvent } from '../events/event.ts'
import { isInstanceQuota } from '../events/outcomes.ts'
import { eipLimit } from './eip-limit.ts'
import type { Node, SlotWaiter } from './node.ts'
import { slotsByCount, slotsInUse } from './slots.ts'

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
    case 'ClaimRecovered':
      return recovered(node, event)
    case 'AddressDrifted':
      return event.data.binding ? freed(node, event.data.binding.id) : node
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

/** The slot that the claim is proved to have, and none that it had by an older log. */
function recovered(node: Node, { data, position }: DomainEvent<'ClaimRecovered'>): Node {
  const { claim, binding, former } = data
  const left = former.binding ? freed(node, former.binding.id) : node
  const next = { ...left, waiting: without(left.waiting, claim) }
  if (binding?.node !== node.name) return next
  const holder = { claim, bindingId: binding.id, instanceId: binding.instanceId, since: position }
  return { ...next, holders: [...next.holders, holder] }
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

function freed(node: Node, bindingId: string): Node {
  if (!node.holders.some((h) => h.bindingId === bindingId)) return node
  return { ...node, holders: node.holders.filter((h) => h.bindingId !== bindingId) }
}

function without(waiting: SlotWaiter[], claim: string): SlotWaiter[] {
  return waiting.some((w) => w.claim === claim) ? waiting.filter((w) => w.claim !== claim) : waiting
}
