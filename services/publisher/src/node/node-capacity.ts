import { eipSlots, type Node } from '@pod-eip/domain'
import type { KubeObject } from '@pod-eip/kube'

/** A Node as the cluster last showed it. */
export interface SeenNode {
  name: string
  uid: string
  /** What it says of its EIP slots; absent when nothing. */
  capacity: string | undefined
}

/** Keeps of a Node what a comparison needs. */
export function seeNode(object: KubeObject, resource: string): SeenNode {
  const { name, uid = '' } = object.metadata
  const capacity: unknown = object.status?.capacity?.[resource]
  return { name, uid, capacity: capacity === undefined ? undefined : String(capacity) }
}

/**
 * The patch of a Node's status that makes the scheduler count its EIP slots, or `null` when it does. Only
 * capacity: allocatable is the kubelet's, which draws it from this.
 */
export function capacityPatch(node: Node | null, seen: SeenNode | null, resource: string): object | null {
  if (!node || !seen || node.removed || node.uid !== seen.uid) return null
  const slots = eipSlots(node)
  if (slots === null) return null
  const capacity = String(slots)
  if (seen.capacity === capacity) return null
  return { metadata: { uid: seen.uid }, status: { capacity: { [resource]: capacity } } }
}
