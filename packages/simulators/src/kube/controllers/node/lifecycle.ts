import { isStopped } from '../kubelet/run-pod.ts'
import { type Action, nothing, type Plan, plan } from '../shared/actions.ts'
import { sameJson } from '../shared/json.ts'
import type { Condition, Node, Pod, Taint } from '../shared/objects.ts'
import { condition, isReady, isTerminal, isTerminating, withCondition } from '../shared/pod-state.ts'
import { nodes as nodeResource, pods as podResource } from '../shared/resources.ts'
import { timestamp } from '../shared/time.ts'

const notReady = 'node.kubernetes.io/not-ready'
const unreachable = 'node.kubernetes.io/unreachable'
const unschedulable = 'node.kubernetes.io/unschedulable'
const managed = [notReady, unreachable, unschedulable]

/**
 * What the node controller does for a Node: says Unknown when its kubelet has been silent for
 * `graceMs` (since `silentSince`), keeps the taints in line with the conditions, and takes Ready away
 * from the Pods of a Node that is not.
 */
export function watchNode(
  node: Node,
  pods: Pod[],
  silentSince: number | null,
  graceMs: number,
  now: number,
): Plan {
  if (isTerminating(node)) return nothing
  const ready = condition(node.status?.conditions, 'Ready')
  if (isStopped(node) && ready && ready.status !== 'Unknown') {
    const due = (silentSince ?? now) + graceMs
    return now < due ? { actions: [], again: due } : { actions: [unknownNode(node, now)] }
  }
  const taints = wantedTaints(node, now)
  if (!sameJson(taints, node.spec?.taints ?? [])) {
    const object: Node = { ...node, spec: { ...node.spec, taints } }
    return { actions: [{ do: 'update', resource: nodeResource, object }] }
  }
  if (!ready || ready.status === 'True') return nothing
  return plan(pods.filter((pod) => isReady(pod) && !isTerminal(pod)).map((pod) => unreadyPod(pod, now)))
}

function wantedTaints(node: Node, now: number): Taint[] {
  const before = node.spec?.taints ?? []
  const ready = condition(node.status?.conditions, 'Ready')?.status ?? 'False'
  const key = ready === 'True' ? null : ready === 'Unknown' ? unreachable : notReady
  const wanted: Taint[] = [
    ...(key
      ? [
          { key, effect: 'NoSchedule' },
          { key, effect: 'NoExecute' },
        ]
      : []),
    ...(node.spec?.unschedulable ? [{ key: unschedulable, effect: 'NoSchedule' }] : []),
  ]
  const find = (taint: Taint) => before.find((b) => b.key === taint.key && b.effect === taint.effect)
  const kept = before.filter((taint) => !managed.includes(taint.key) || wanted.some((w) => find(w) === taint))
  // Tolerations for a time count from when the taint came: also one that a person put there.
  return [...kept, ...wanted.filter((taint) => !find(taint))].map((taint) =>
    taint.effect === 'NoExecute' && !taint.timeAdded ? { ...taint, timeAdded: timestamp(now) } : taint,
  )
}

function unknownNode(node: Node, now: number): Action {
  const types = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure']
  const unknown = (type: string): Condition => ({
    type,
    status: 'Unknown',
    reason: 'NodeStatusUnknown',
    message: 'Kubelet stopped posting node status.',
  })
  const conditions = types.reduce(
    (list, type) => withCondition(list, unknown(type), timestamp(now)),
    node.status?.conditions ?? [],
  )
  const object: Node = { ...node, status: { ...node.status, conditions } }
  return { do: 'updateStatus', resource: nodeResource, object }
}

function unreadyPod(pod: Pod, now: number): Action {
  const ready = { ...condition(pod.status?.conditions, 'Ready'), type: 'Ready', status: 'False' }
  const conditions = withCondition(pod.status?.conditions, ready, timestamp(now))
  const object: Pod = { ...pod, status: { ...pod.status, conditions } }
  return { do: 'updateStatus', resource: podResource, object }
}
