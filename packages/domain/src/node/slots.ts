import type { ForeignAddress, Node } from './node.ts'

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
