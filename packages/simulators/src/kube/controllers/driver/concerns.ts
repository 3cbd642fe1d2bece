import { awaitsScheduling } from '../scheduler/schedule-pod.ts'
import { sameJson } from '../shared/json.ts'
import type { AnyObject, Node, ObjectMeta, Pod } from '../shared/objects.ts'
import { controllerRef, isTerminal, objectKey } from '../shared/pod-state.ts'
import { daemonSets, pods, replicaSets } from '../shared/resources.ts'
import type { ControllerName } from './controllers.ts'
import type { Change, ObjectCache } from './object-cache.ts'

/** Something that a controller should look at. */
export type Concern = readonly [controller: ControllerName, key: string]

/** Whom a change concerns: the object's own controllers, its owner's, and those that wait for room. */
export function concernsOf(change: Change, cache: ObjectCache): Concern[] {
  switch (change.resource.plural) {
    case 'pods':
      return podConcerns(change.before as Pod | undefined, change.after as Pod | undefined, cache)
    case 'nodes':
      return nodeConcerns(change.before as Node | undefined, change.after as Node | undefined, cache)
    case 'replicasets':
      return [['replicaset', keyOf(change)], ...owners(change, cache)]
    case 'statefulsets':
      return [['statefulset', keyOf(change)]]
    case 'daemonsets':
      return [['daemonset', keyOf(change)]]
    case 'jobs':
      return [['job', keyOf(change)]]
    case 'deployments':
      return [['deployment', keyOf(change)]]
    case 'events':
      return [['event-ttl', keyOf(change)]]
    case 'controllerrevisions':
      return owners(change, cache)
    default:
      return []
  }
}

function podConcerns(before: Pod | undefined, after: Pod | undefined, cache: ObjectCache): Concern[] {
  const key = objectKey((after ?? before)!)
  const ownerConcerns = owners({ resource: pods, before: view(before), after: view(after) }, cache)
  const tookRoom = before?.spec.nodeName !== undefined && !isTerminal(before)
  const takesRoom = after?.spec.nodeName !== undefined && !isTerminal(after)
  return [
    ...ownerConcerns,
    // Also when it is gone: what was planned for it is forgotten then.
    ...(['kubelet', 'taint-eviction', 'pod-gc'] as const).map((name) => [name, key] as const),
    ...(after && awaitsScheduling(after) ? [['scheduler', key] as const] : []),
    ...(tookRoom && !takesRoom ? waiting(cache) : []),
  ]
}

function nodeConcerns(before: Node | undefined, after: Node | undefined, cache: ObjectCache): Concern[] {
  const { name } = (after ?? before)!.metadata
  const onIt = cache.podsOn(name).map((pod) => objectKey(pod))
  const own: Concern[] = [
    ['kubelet-node', name],
    ['node-lifecycle', name],
  ]
  const perPod = onIt.flatMap((key): Concern[] => [
    ['kubelet', key],
    ['taint-eviction', key],
    ['pod-gc', key],
  ])
  const appearance = before && after ? [] : cache.list<AnyObject>(daemonSets)
  const perNode = appearance.map((set) => ['daemonset', objectKey(set)] as const)
  return [...own, ...perPod, ...perNode, ...(roomChanged(before, after) ? waiting(cache) : [])]
}

/** Whether the scheduler could decide otherwise about this Node than before. */
function roomChanged(before: Node | undefined, after: Node | undefined): boolean {
  const relevant = (node: Node | undefined) =>
    node && [node.spec, node.metadata.labels, node.status?.allocatable]
  return !sameJson(relevant(before), relevant(after))
}

/** The Pods without a Node, by priority and then by age, as the scheduler's queue has them. */
function waiting(cache: ObjectCache): Concern[] {
  return cache
    .list<Pod>(pods)
    .filter(awaitsScheduling)
    .sort((a, b) => (b.spec.priority ?? 0) - (a.spec.priority ?? 0))
    .map((pod) => ['scheduler', objectKey(pod)] as const)
}

function owners({ before, after }: Change, cache: ObjectCache): Concern[] {
  const refs = [before, after].flatMap((object) => {
    const ref = object && controllerRef(object)
    return ref ? [{ ref, namespace: object.metadata.namespace }] : []
  })
  return refs.flatMap(({ ref, namespace }): Concern[] => {
    const key = `${namespace}/${ref.name}`
    switch (ref.kind) {
      case 'StatefulSet':
        return [['statefulset', key]]
      case 'DaemonSet':
        return [['daemonset', key]]
      case 'Job':
        return [['job', key]]
      case 'Deployment':
        return [['deployment', key]]
      case 'ReplicaSet': {
        // A Deployment that recreates waits for the Pods of its ReplicaSets, not for the sets alone.
        const set = cache.get<{ metadata: ObjectMeta }>(replicaSets, key)
        const above = set && controllerRef(set)
        return [
          ['replicaset', key],
          ...(above?.kind === 'Deployment' ? [['deployment', `${namespace}/${above.name}`] as const] : []),
        ]
      }
      default:
        return []
    }
  })
}

function keyOf({ before, after }: Change): string {
  return objectKey((after ?? before)!)
}

function view(pod: Pod | undefined): AnyObject | undefined {
  return pod as AnyObject | undefined
}
