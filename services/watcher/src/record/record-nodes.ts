import { eipLimit, type Node, newEvent } from '@pod-eip/domain'
import type { CompleteList, ListWatchEvent } from '@pod-eip/kube'
import type { SeenNode } from '../project/project-node.ts'
import type { ClusterEvent } from './cluster-event.ts'
import { isOlder } from './resource-version.ts'

/** A Node as the log last recorded it. */
export interface KnownNode {
  uid: string
  resourceVersion: string
  instanceId: string | null
  internalIp: string | null
  /** What its CPU count came to: the read models keep no more of it. */
  limit: number | null
}

/** The Nodes of the cluster, as far as the log knows, by name. */
export type NodeBelief = Map<string, KnownNode>

/** What the log believed when these nodes were read. */
export function nodeBeliefOf(nodes: Iterable<Node>): NodeBelief {
  const belief: NodeBelief = new Map()
  for (const { name, removed, ...node } of nodes) {
    const { uid, resourceVersion, instanceId, internalIp, limit } = node
    // A node that only claims have named was never seen.
    if (uid !== '' && !removed) belief.set(name, { uid, resourceVersion, instanceId, internalIp, limit })
  }
  return belief
}

/** Folds an event into the belief, in place, with the same guards as the node itself. */
export function foldNodeEvent(belief: NodeBelief, { type, data }: ClusterEvent): void {
  switch (type) {
    case 'NodeObserved': {
      const before = belief.get(data.node)
      if (before && !isOlder(before.resourceVersion, data.resourceVersion)) return
      const { nodeUid: uid, resourceVersion, instanceId, internalIp, cpu } = data
      belief.set(data.node, { uid, resourceVersion, instanceId, internalIp, limit: limitOf(cpu) })
      return
    }
    case 'NodeRemoved':
      if (belief.get(data.node)?.uid === data.nodeUid) belief.delete(data.node)
      return
    case 'PodObserved':
    case 'PodEnded':
    case 'PodFoundAgain':
    case 'OwnerChanged':
    case 'OwnerEnded':
    case 'EipClaimDeletionRequested':
      return
  }
}

/** What a change seen by a watch adds to the log; the belief moves along. */
export function recordNodeChange(
  belief: NodeBelief,
  { type, object }: Pick<ListWatchEvent<SeenNode>, 'type' | 'object'>,
): ClusterEvent[] {
  return folded(belief, changesOf(belief.get(object.node), object, type === 'DELETED'))
}

/** What a complete, fresh list adds to the log; see `recordPodList` for what it cannot say. */
export function recordNodeList(belief: NodeBelief, list: CompleteList<SeenNode>): ClusterEvent[] {
  const events: ClusterEvent[] = []
  const listed = new Set<string>()
  for (const node of list.items) {
    listed.add(node.node)
    events.push(...folded(belief, changesOf(belief.get(node.node), node, false)))
  }
  for (const [node, { uid, resourceVersion }] of [...belief]) {
    if (listed.has(node) || isOlder(list.resourceVersion, resourceVersion)) continue
    events.push(...folded(belief, [newEvent('NodeRemoved', { node, nodeUid: uid })]))
  }
  return events
}

function changesOf(known: KnownNode | undefined, seen: SeenNode, gone: boolean): ClusterEvent[] {
  if (known?.uid === seen.uid) {
    if (gone) return [newEvent('NodeRemoved', { node: seen.node, nodeUid: seen.uid })]
    const changed = isOlder(known.resourceVersion, seen.resourceVersion) && !sameFacts(known, seen)
    return changed ? [observed(seen)] : []
  }
  if (known && isOlder(seen.resourceVersion, known.resourceVersion)) return []
  const replaced = known ? [newEvent('NodeRemoved', { node: seen.node, nodeUid: known.uid })] : []
  return gone ? replaced : [...replaced, observed(seen)]
}

function observed({ uid: nodeUid, ...facts }: SeenNode): ClusterEvent {
  return newEvent('NodeObserved', { nodeUid, ...facts })
}

function sameFacts(known: KnownNode, seen: SeenNode): boolean {
  return (
    known.instanceId === seen.instanceId &&
    known.internalIp === seen.internalIp &&
    known.limit === limitOf(seen.cpu)
  )
}

function limitOf(cpu: number | null): number | null {
  return cpu === null ? null : eipLimit(cpu)
}

function folded(belief: NodeBelief, events: ClusterEvent[]): ClusterEvent[] {
  for (const event of events) foldNodeEvent(belief, event)
  return events
}
