import { type Action, nothing, type Plan, plan } from '../shared/actions.ts'
import { sameJson, withoutZeros } from '../shared/json.ts'
import type { ControllerRevision, Pod, StatefulSet, StatefulSetStatus } from '../shared/objects.ts'
import {
  availableAt,
  isAvailable,
  isRunningAndReady,
  isTerminal,
  isTerminating,
} from '../shared/pod-state.ts'
import { pods as podResource, statefulSets } from '../shared/resources.ts'
import { ordinalOf, podOfOrdinal, revisionLabel } from './pod-of-ordinal.ts'
import { type Revisions, resolveRevisions } from './revisions.ts'

/** A StatefulSet with all that it owns, terminating objects included. */
export interface StatefulSetView {
  set: StatefulSet
  pods: Pod[]
  revisions: ControllerRevision[]
}

/**
 * What a StatefulSet needs next. A name is only given again when the object that had it is gone; under
 * OrderedReady one Pod changes at a time, and only while all Pods before it are Running and Ready.
 */
export function reconcileStatefulSet({ set, pods, revisions }: StatefulSetView, now: number): Plan {
  if (isTerminating(set)) return nothing
  const inUse = new Set(pods.map(revisionOf).filter((name) => name !== undefined))
  const resolved = resolveRevisions(set, revisions, inUse)
  const status = observedStatus(set, pods, resolved, now)
  const actions = [...resolved.actions, ...podActions(set, pods, resolved, now)]
  if (!sameJson(status, set.status)) {
    actions.push({ do: 'updateStatus', resource: statefulSets, object: { ...set, status } as StatefulSet })
  }
  return plan(actions, ...pods.map((pod) => nextAvailability(set, pod, now)))
}

function podActions(set: StatefulSet, pods: Pod[], revisions: Revisions, now: number): Action[] {
  const ordered = (set.spec.podManagementPolicy ?? 'OrderedReady') === 'OrderedReady'
  const start = set.spec.ordinals?.start ?? 0
  const end = start + (set.spec.replicas ?? 1)
  const byOrdinal = new Map(pods.map((pod) => [ordinalOf(set, pod), pod]))
  const condemned = pods
    .filter((pod) => !inRange(ordinalOf(set, pod), start, end))
    .sort((a, b) => (ordinalOf(set, b) ?? 0) - (ordinalOf(set, a) ?? 0))
  const healthy = (pod: Pod) => isHealthy(set, pod, now)
  const firstUnhealthy = [...pods]
    .sort((a, b) => (ordinalOf(set, a) ?? 0) - (ordinalOf(set, b) ?? 0))
    .find((pod) => !isRunningAndReady(pod) || isTerminating(pod))
  const actions: Action[] = []

  for (let ordinal = start; ordinal < end; ordinal++) {
    const pod = byOrdinal.get(ordinal)
    if (!pod) {
      const revision = needsCurrentRevision(set, ordinal - start) ? revisions.current : revisions.update
      actions.push(...creation(set, podOfOrdinal(set, revision, ordinal)))
    } else if (isTerminal(pod)) {
      if (!isTerminating(pod)) actions.push(...deletion(set, pod))
    } else if (healthy(pod)) {
      continue
    }
    if (ordered) return actions
  }
  for (const pod of condemned) {
    if (!isTerminating(pod) && (!ordered || healthy(pod) || pod === firstUnhealthy)) {
      actions.push(...deletion(set, pod))
    }
    if (ordered) return actions
  }
  if (actions.length > 0 || (set.spec.updateStrategy?.type ?? 'RollingUpdate') !== 'RollingUpdate') {
    return actions
  }
  return nextRollingUpdate(set, byOrdinal, start, end, revisions.update.metadata.name, healthy)
}

/** The highest Pod that is not on the new template, once all Pods after it are well. */
function nextRollingUpdate(
  set: StatefulSet,
  byOrdinal: Map<number | null, Pod>,
  start: number,
  end: number,
  updateRevision: string,
  healthy: (pod: Pod) => boolean,
): Action[] {
  const first = start + (set.spec.updateStrategy?.rollingUpdate?.partition ?? 0)
  for (let ordinal = end - 1; ordinal >= first; ordinal--) {
    const pod = byOrdinal.get(ordinal)
    if (!pod) return []
    if (revisionOf(pod) !== updateRevision && !isTerminating(pod)) return deletion(set, pod)
    if (!healthy(pod)) return []
  }
  return []
}

function observedStatus(set: StatefulSet, pods: Pod[], revisions: Revisions, now: number): StatefulSetStatus {
  const replicas = set.spec.replicas ?? 1
  const current = revisions.current.metadata.name
  const update = revisions.update.metadata.name
  const staying = pods.filter((pod) => !isTerminating(pod))
  const ready = pods.filter(isRunningAndReady)
  const status: StatefulSetStatus = {
    observedGeneration: set.metadata.generation ?? 1,
    replicas: pods.length,
    readyReplicas: ready.length,
    availableReplicas: ready.filter((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now)).length,
    currentReplicas: staying.filter((pod) => revisionOf(pod) === current).length,
    updatedReplicas: staying.filter((pod) => revisionOf(pod) === update).length,
    currentRevision: current,
    updateRevision: update,
    collisionCount: set.status?.collisionCount ?? 0,
  }
  const complete =
    (set.spec.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate' &&
    status.updatedReplicas === replicas &&
    status.readyReplicas === replicas &&
    status.replicas === replicas
  return withoutZeros(complete ? { ...status, currentRevision: update, currentReplicas: replicas } : status, [
    'replicas',
    'availableReplicas',
    'collisionCount',
  ])
}

/** A Pod that is missing comes back on the old template only below the partition of the update. */
function needsCurrentRevision(set: StatefulSet, place: number): boolean {
  const { type = 'RollingUpdate', rollingUpdate } = set.spec.updateStrategy ?? {}
  return type === 'RollingUpdate' && place < (rollingUpdate?.partition ?? 0)
}

function creation(set: StatefulSet, pod: Pod): Action[] {
  const message = `Create Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`
  return [
    { do: 'create', resource: podResource, object: pod },
    {
      do: 'event',
      about: set,
      type: 'Normal',
      reason: 'SuccessfulCreate',
      message,
      source: 'statefulset-controller',
    },
  ]
}

function deletion(set: StatefulSet, pod: Pod): Action[] {
  const message = `Delete Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name} successful`
  return [
    { do: 'delete', resource: podResource, object: pod },
    {
      do: 'event',
      about: set,
      type: 'Normal',
      reason: 'SuccessfulDelete',
      message,
      source: 'statefulset-controller',
    },
  ]
}

function isHealthy(set: StatefulSet, pod: Pod, now: number): boolean {
  return isRunningAndReady(pod) && !isTerminating(pod) && isAvailable(pod, set.spec.minReadySeconds ?? 0, now)
}

function nextAvailability(set: StatefulSet, pod: Pod, now: number): number | null {
  const at = availableAt(pod, set.spec.minReadySeconds ?? 0)
  return at !== null && at > now ? at : null
}

function revisionOf(pod: Pod): string | undefined {
  return pod.metadata.labels?.[revisionLabel]
}

function inRange(ordinal: number | null, start: number, end: number): boolean {
  return ordinal !== null && ordinal >= start && ordinal < end
}
