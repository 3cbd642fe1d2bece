import { eipSlots, type Node } from '@pod-eip/domain'
import type { KubeObject } from '@pod-eip/kube'
import { otherWriter } from '../disputes/other-writer.ts'
import type { OwnNames } from '../own-names.ts'
import { readObject } from '../read-object.ts'

/** A Node as the cluster last showed it. */
export interface SeenNode {
  name: string
  uid: string
  resourceVersion: string
  /** What it says of its EIP slots; absent when nothing. */
  capacity: string | undefined
  /** Who else wrote that; empty when nobody did. */
  by: string
}

type NodeNames = Pick<OwnNames, 'resource' | 'fieldManager'>

/** Longer than any quantity that counts slots. */
const longestQuantity = 64

/** Keeps of a Node what a comparison needs. @throws KubeError */
export function seeNode(object: KubeObject, names: NodeNames): SeenNode {
  return readObject('Node', object, (node) => keep(node, names))
}

function keep(object: KubeObject, { resource, fieldManager }: NodeNames): SeenNode {
  const { name, uid = '', resourceVersion = '0' } = object.metadata
  const capacity: unknown = object.status?.capacity?.[resource]
  return {
    ...{ name, uid, resourceVersion },
    capacity: capacity === undefined ? undefined : String(capacity).slice(0, longestQuantity),
    by: otherWriter(object, fieldManager, ['f:status', 'f:capacity', `f:${resource}`]),
  }
}

/**
 * What a Node's status has to say for the scheduler to count its EIP slots, or `null` when it does. Only
 * capacity: allocatable is the kubelet's, which draws it from this.
 */
export function wantedCapacity(node: Node | null, seen: SeenNode | null): string | null {
  if (!node || !seen || node.removed || node.uid !== seen.uid) return null
  const slots = eipSlots(node)
  if (slots === null) return null
  const capacity = String(slots)
  return seen.capacity === capacity ? null : capacity
}
