import type { Node } from '@pod-eip/domain'
import { type Cluster, type KubeObject, type ListWatchEvent, nodes } from '@pod-eip/kube'
import { fieldManager } from '../claim-object/claim-object.ts'
import { isGone } from '../refusals.ts'
import { capacityPatch, type SeenNode, seeNode } from './node-capacity.ts'

/** Shows each Node's EIP slots as an extended resource. */
export interface NodePublisher {
  /** What is kept of a Node. */
  see(object: KubeObject): SeenNode
  /** A complete list. Returns the names of the Nodes that show other slots than before. */
  replace(list: SeenNode[]): string[]
  /** Changes from the watch. Returns the names of the Nodes that show other slots than before. */
  follow(events: ListWatchEvent<SeenNode>[]): string[]
  /** Whether a write is needed, by what was last seen. */
  differs(node: Node): boolean
  /** Patches the Node's capacity when it shows another. Safe to repeat. */
  publish(node: Node | null): Promise<void>
}

/** @param resource name of the extended resource */
export function createNodePublisher(cluster: Cluster, resource: string): NodePublisher {
  const byName = new Map<string, SeenNode>()
  const see = (object: KubeObject) => seeNode(object, resource)

  /** A Node's status changes all the time: only another uid or capacity is of interest. */
  function keep(seen: SeenNode): boolean {
    const known = byName.get(seen.name)
    byName.set(seen.name, seen)
    return known?.uid !== seen.uid || known.capacity !== seen.capacity
  }

  return {
    see,
    replace(list) {
      const listed = new Set(list.map((seen) => seen.name))
      for (const name of byName.keys()) if (!listed.has(name)) byName.delete(name)
      return list.filter(keep).map((seen) => seen.name)
    },
    follow(events) {
      const changed: string[] = []
      for (const { type, object } of events) {
        if (type === 'DELETED') byName.delete(object.name)
        else if (keep(object)) changed.push(object.name)
      }
      return changed
    },
    differs: (node) => capacityPatch(node, byName.get(node.name) ?? null, resource) !== null,
    async publish(node) {
      const patch = node && capacityPatch(node, byName.get(node.name) ?? null, resource)
      if (!patch) return
      try {
        keep(
          see(
            await cluster.mergePatch(nodes, null, node.name, patch, { fieldManager, subresource: 'status' }),
          ),
        )
      } catch (error) {
        if (!isGone(error)) throw error
        byName.delete(node.name)
      }
    },
  }
}
