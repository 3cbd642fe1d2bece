import type { Random } from '@pod-eip/runtime'
import { type Action, type Plan, plan } from '../shared/actions.ts'
import { nameSuffix, sameJson, withoutZeros } from '../shared/json.ts'
import type { Pod, ReplicaSet } from '../shared/objects.ts'
import {
  availableAt,
  controllerRefTo,
  isAvailable,
  isReady,
  isTerminal,
  isTerminating,
} from '../shared/pod-state.ts'
import { pods as podResource, replicaSets } from '../shared/resources.ts'
import { parseTimestamp } from '../shared/time.ts'

/** What a ReplicaSet needs next: Pods that have ended or are ending do not count as replicas. */
export function reconcileReplicaSet(set: ReplicaSet, pods: Pod[], now: number, random: Random): Plan {
  const active = pods.filter((pod) => !isTerminal(pod) && !isTerminating(pod))
  const actions = isTerminating(set) ? [] : replicaActions(set, active, random)
  const minReadySeconds = set.spec.minReadySeconds ?? 0
  const counts: NonNullable<ReplicaSet['status']> = {
    replicas: active.length,
    fullyLabeledReplicas: active.length,
    readyReplicas: active.filter(isReady).length,
    availableReplicas: active.filter((pod) => isAvailable(pod, minReadySeconds, now)).length,
    terminatingReplicas: pods.filter((pod) => isTerminating(pod) && !isTerminal(pod)).length,
    observedGeneration: set.metadata.generation ?? 1,
  }
  const status = withoutZeros(counts, ['replicas', 'terminatingReplicas'])
  if (!sameJson(status, set.status)) {
    actions.push({ do: 'updateStatus', resource: replicaSets, object: { ...set, status } as ReplicaSet })
  }
  const later = active.map((pod) => availableAt(pod, minReadySeconds)).filter((at) => at !== null && at > now)
  return plan(actions, ...later)
}

function replicaActions(set: ReplicaSet, active: Pod[], random: Random): Action[] {
  const missing = (set.spec.replicas ?? 1) - active.length
  if (missing >= 0) return Array.from({ length: missing }, () => creation(set, random)).flat()
  const last = [...active].sort(keepFirst).slice(missing)
  return last.flatMap((pod): Action[] => [
    { do: 'delete', resource: podResource, object: pod },
    {
      do: 'event',
      about: set,
      type: 'Normal',
      reason: 'SuccessfulDelete',
      message: `Deleted pod: ${pod.metadata.name}`,
      source: 'replicaset-controller',
    },
  ])
}

function creation(set: ReplicaSet, random: Random): Action[] {
  const name = `${set.metadata.name}-${nameSuffix(random)}`
  const { template } = set.spec
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace ?? 'default',
      ...(template.metadata?.labels ? { labels: template.metadata.labels } : {}),
      ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
      ...(template.metadata?.finalizers ? { finalizers: template.metadata.finalizers } : {}),
      ownerReferences: [controllerRefTo(set, 'ReplicaSet')],
    },
    spec: template.spec,
  }
  return [
    { do: 'create', resource: podResource, object: pod },
    {
      do: 'event',
      about: set,
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message: `Created pod: ${name}`,
      source: 'replicaset-controller',
    },
  ]
}

/** Scheduled before not, Running before not, Ready before not, dearer before cheaper, older before newer. */
function keepFirst(a: Pod, b: Pod): number {
  return (
    Number(Boolean(b.spec.nodeName)) - Number(Boolean(a.spec.nodeName)) ||
    Number(b.status?.phase === 'Running') - Number(a.status?.phase === 'Running') ||
    Number(isReady(b)) - Number(isReady(a)) ||
    deletionCost(b) - deletionCost(a) ||
    (parseTimestamp(a.metadata.creationTimestamp) ?? 0) -
      (parseTimestamp(b.metadata.creationTimestamp) ?? 0) ||
    (a.metadata.name < b.metadata.name ? -1 : 1)
  )
}

function deletionCost(pod: Pod): number {
  return Number(pod.metadata.annotations?.['controller.kubernetes.io/pod-deletion-cost'] ?? 0) || 0
}
