import type { DomainEvent } from '../events/event.ts'
import { eipLimit } from './eip-limit.ts'

/** A node's EIP slots: who has one, and who waits, first come first served. Plain JSON. */
export interface Node {
  name: string
  uid: string
  resourceVersion: string
  instanceId: string | null
  /** EIPs that may be bound or binding at once; `null` until the Node's CPU count is known. */
  limit: number | null
  removed: boolean
  /** Claims that hold a slot, with the binding that took it. */
  holders: { claim: string; bindingId: string }[]
  waiting: string[]
  /** Position of the last event that changed it. */
  position: number
}

/** A node of which nothing is known yet. */
export function emptyNode(name: string): Node {
  return {
    name,
    uid: '',
    resourceVersion: '0',
    instanceId: null,
    limit: null,
    removed: false,
    holders: [],
    waiting: [],
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
      if (BigInt(event.data.resourceVersion) <= BigInt(node.resourceVersion)) return node
      return {
        ...node,
        uid: event.data.nodeUid,
        resourceVersion: event.data.resourceVersion,
        instanceId: event.data.instanceId,
        limit: event.data.cpu === null ? null : eipLimit(event.data.cpu),
        removed: false,
      }
    case 'NodeRemoved':
      return event.data.nodeUid === node.uid ? { ...node, removed: true } : node
    case 'BindingDecided':
      return {
        ...node,
        holders: [...node.holders, { claim: event.data.claim, bindingId: event.data.intentId }],
        waiting: without(node.waiting, event.data.claim),
      }
    case 'SlotAwaited':
      return { ...node, waiting: [...without(node.waiting, event.data.claim), event.data.claim] }
    case 'SlotForgone':
      return { ...node, waiting: without(node.waiting, event.data.claim) }
    case 'BindingFailed':
    case 'BindingAbandoned':
      return freed(node, event.data.intentId)
    case 'AddressUnbound':
      return freed(node, event.data.bindingId)
    default:
      return node
  }
}

/**
 * Whether the claim may take a slot now: one is free, and not needed for somebody who waited longer.
 * `null` while the limit is not known.
 */
export function slotFor(node: Node, claim: string): boolean | null {
  if (node.limit === null) return null
  const place = node.waiting.indexOf(claim)
  const ahead = place === -1 ? node.waiting.length : place
  return node.holders.length + ahead < node.limit
}

function freed(node: Node, bindingId: string): Node {
  if (!node.holders.some((h) => h.bindingId === bindingId)) return node
  return { ...node, holders: node.holders.filter((h) => h.bindingId !== bindingId) }
}

function without(list: string[], item: string): string[] {
  return list.includes(item) ? list.filter((x) => x !== item) : list
}
