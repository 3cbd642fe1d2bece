import type { Random } from '@pod-eip/runtime'
import { matchesNode } from '../scheduler/filter.ts'
import { type Action, type Plan, plan } from '../shared/actions.ts'
import { createPod } from '../shared/create-pod.ts'
import { nameSuffix, sameJson } from '../shared/json.ts'
import type { DaemonSet, Node, Pod } from '../shared/objects.ts'
import { availableAt, isAvailable, isReady, isTerminal, isTerminating } from '../shared/pod-state.ts'
import { daemonSets, pods as podResource } from '../shared/resources.ts'

/** The label of a Node that holds a Pod to it. */
const hostname = 'kubernetes.io/hostname'

/** What a DaemonSet needs next: one Pod on each Node that its template fits. */
export function reconcileDaemonSet(
  set: DaemonSet,
  pods: Pod[],
  nodes: Node[],
  now: number,
  random: Random,
): Plan {
  const wanted = nodes.filter((node) =>
    matchesNode({ metadata: { name: '' }, spec: set.spec.template.spec }, node),
  )
  const nodeOf = (pod: Pod) => pod.spec.nodeName ?? pod.spec.nodeSelector?.[hostname]
  const actions: Action[] = []
  if (!isTerminating(set)) {
    for (const { metadata } of wanted) {
      const own = pods.filter((pod) => nodeOf(pod) === metadata.name)
      if (own.length === 0) actions.push(...creation(set, metadata.name, random))
      for (const pod of own.filter((one) => isTerminal(one) && !isTerminating(one))) {
        actions.push({ do: 'delete', resource: podResource, object: pod })
      }
    }
    for (const pod of pods) {
      const misplaced = !wanted.some(({ metadata }) => metadata.name === nodeOf(pod))
      if (misplaced && !isTerminating(pod)) actions.push({ do: 'delete', resource: podResource, object: pod })
    }
  }
  const status = statusOf(set, pods, wanted.length, now)
  if (!sameJson(status, set.status)) {
    actions.push({ do: 'updateStatus', resource: daemonSets, object: { ...set, status } as DaemonSet })
  }
  const later = pods.map((pod) => availableAt(pod, set.spec.minReadySeconds ?? 0))
  return plan(actions, ...later.filter((at) => at !== null && at > now))
}

function creation(set: DaemonSet, nodeName: string, random: Random): Action[] {
  const nodeSelector = { ...set.spec.template.spec.nodeSelector, [hostname]: nodeName }
  const name = `${set.metadata.name}-${nameSuffix(random)}`
  return createPod(set, { kind: 'DaemonSet', apiVersion: 'apps/v1' }, name, { nodeSelector })
}

function statusOf(set: DaemonSet, pods: Pod[], wanted: number, now: number): Record<string, number> {
  const running = pods.filter((pod) => !isTerminating(pod) && !isTerminal(pod))
  const available = running.filter((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now)).length
  return {
    currentNumberScheduled: running.length,
    numberMisscheduled: 0,
    desiredNumberScheduled: wanted,
    numberReady: running.filter(isReady).length,
    observedGeneration: set.metadata.generation ?? 1,
    updatedNumberScheduled: running.length,
    ...(available > 0 && { numberAvailable: available }),
    ...(wanted > available && { numberUnavailable: wanted - available }),
  }
}
