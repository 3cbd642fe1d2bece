import type { Node } from '@pod-eip/domain'
import { type Cluster, type KubeObject, type ListWatchEvent, nodes } from '@pod-eip/kube'
import type { PutRight } from '../disputes/put-right.ts'
import type { OwnNames } from '../own-names.ts'
import { isStale } from '../refusals.ts'
import { type SeenNode, seeNode, wantedCapacity } from './node-capacity.ts'

/** Shows each Node's EIP slots as an extended resource. */
export interface NodePublisher {
  /** What is kept of a Node. */
  see(object: KubeObject): SeenNode
  /** A complete list. Returns the names of the Nodes that show other slots than before. */
  replace(list: SeenNode[]): string[]
  /** Changes from the watch. Returns the names of the Nodes that show other slots than before. */
  follow(events: ListWatchEvent<SeenNode>[]): string[]
  /** `null` when there is no such Node. */
  uidOf(name: string): string | null
  /** Whether a write is needed, by what was last seen. */
  differs(node: Node): boolean
  /** Applies the Node's capacity when it shows another. Safe to repeat. */
  publish(node: Node | null): Promise<void>
}

export function createNodePublisher(
  cluster: Cluster,
  names: Pick<OwnNames, 'resource' | 'fieldManager'>,
  putRight: PutRight,
): NodePublisher {
  const { resource, fieldManager } = names
  const byName = new Map<string, SeenNode>()
  /** What each Node was told last. */
  const told = new Map<string, { uid: string; capacity: string }>()
  const see = (object: KubeObject) => seeNode(object, names)

  /** A Node's status changes all the time: only another uid or capacity is of interest. */
  function keep(seen: SeenNode): boolean {
    const known = byName.get(seen.name)
    if (known && BigInt(known.resourceVersion) >= BigInt(seen.resourceVersion)) return false
    byName.set(seen.name, seen)
    return known?.uid !== seen.uid || known.capacity !== seen.capacity
  }

  function forget(name: string): void {
    byName.delete(name)
    told.delete(name)
    putRight.forget('Node', name, 'capacity')
  }

  /** The uid makes the API server refuse the write when a new Node has taken the name. */
  async function write({ name, uid }: SeenNode, capacity: string): Promise<SeenNode | undefined> {
    const object = { metadata: { name, uid }, status: { capacity: { [resource]: capacity } } }
    try {
      const options = { fieldManager, force: true, subresource: 'status' } as const
      const shown = see(await cluster.apply(nodes, object, options))
      keep(shown)
      told.set(name, { uid, capacity })
      return shown
    } catch (error) {
      // The watch shows which Node has the name now, if any.
      if (!isStale(error)) throw error
      if (byName.get(name)?.uid === uid) forget(name)
      return undefined
    }
  }

  return {
    see,
    replace(list) {
      const listed = new Set(list.map((seen) => seen.name))
      for (const name of byName.keys()) if (!listed.has(name)) forget(name)
      return list.filter(keep).map((seen) => seen.name)
    },
    follow(events) {
      const changed: string[] = []
      for (const { type, object } of events) {
        if (type === 'DELETED') forget(object.name)
        else if (keep(object)) changed.push(object.name)
      }
      return changed
    },
    uidOf: (name) => byName.get(name)?.uid ?? null,
    differs: (node) => wantedCapacity(node, byName.get(node.name) ?? null) !== null,
    async publish(node) {
      const seen = (node && byName.get(node.name)) ?? null
      const capacity = wantedCapacity(node, seen)
      if (!seen || capacity === null) return
      const { name: key, uid, by } = seen
      const before = told.get(key)
      const undone = before?.uid === uid && before.capacity === capacity
      const due = { kind: 'Node', key, uid, part: 'capacity', by, undone, stream: `node/${key}` } as const
      await putRight.write(due, () => write(seen, capacity))
    },
  }
}
