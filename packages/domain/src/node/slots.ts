import type { ForeignAddress } from '../events/cloud-events.ts'
import type { Node } from './node.ts'

/** EIPs of ours that may be bound or binding on the node at once; `null` until its CPU count is known. */
export function eipSlots(node: Node): number | null {
  const slots = slotsByCount(node)
  return slots === null || !node.refusal ? slots : Math.min(slots, node.refusal.limit)
}

/** As many as the CPU count allows, less those that others have bound there. */
export function slotsByCount(node: Node): number | null {
  return node.limit === null ? null : Math.max(0, node.limit - foreignEips(node).length)
}

/**
 * EIPs that others bound on the CVM and that take a slot. One on the CVM's own private address is its own
 * public address, for which a place is kept anyway.
 */
export function foreignEips(node: Node): ForeignAddress[] {
  return node.foreign.filter(({ privateIp }) => privateIp === null || privateIp !== node.internalIp)
}

/** Slots of the CVM that are taken by EIPs of ours: bound, or on their way to or from it. */
export function slotsInUse(node: Node): number {
  const { holders, instanceId } = node
  return holders.filter((h) => h.instanceId === null || instanceId === null || h.instanceId === instanceId)
    .length
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
