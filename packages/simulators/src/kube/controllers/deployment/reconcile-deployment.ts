import { type Action, nothing, type Plan, plan } from '../shared/actions.ts'
import { sameJson } from '../shared/json.ts'
import type { Deployment, Pod, ReplicaSet } from '../shared/objects.ts'
import { isTerminating } from '../shared/pod-state.ts'
import { deployments, replicaSets } from '../shared/resources.ts'
import {
  newReplicaSet,
  revisionAnnotation,
  revisionNumber,
  splitReplicaSets,
  wantedReplicas,
} from './replica-sets.ts'
import { newReplicas, oldReplicas, updateBounds } from './rolling-update.ts'
import { deploymentStatus, progressDeadline } from './status.ts'

/** A Deployment with the ReplicaSets that it owns and their Pods, terminating ones included. */
export interface DeploymentView {
  deployment: Deployment
  replicaSets: ReplicaSet[]
  pods: Pod[]
}

/** What a Deployment needs next: one scaling of its ReplicaSets at a time, within the bounds of its strategy. */
export function reconcileDeployment(view: DeploymentView, now: number): Plan {
  const { deployment } = view
  if (isTerminating(deployment)) return nothing
  const { current, old } = splitReplicaSets(deployment, view.replicaSets)
  const numbering = revisionUpdates(deployment, current, old)
  // What is numbered comes back with a new resourceVersion, and is looked at again.
  if (numbering.length > 0) return plan(numbering)

  const bounds = updateBounds(deployment)
  const actions = [...scaling(view, current, old), ...history(deployment, old)]
  const status = deploymentStatus(deployment, current, old, bounds, now)
  if (!sameJson(status, deployment.status)) {
    actions.push({
      do: 'updateStatus',
      resource: deployments,
      object: { ...deployment, status } as Deployment,
    })
  }
  return plan(actions, progressDeadline(deployment, status))
}

function scaling(view: DeploymentView, current: ReplicaSet | undefined, old: ReplicaSet[]): Action[] {
  const { deployment } = view
  const bounds = updateBounds(deployment)
  const oldTotal = wantedReplicas(old)
  if (deployment.spec.paused)
    return current ? scaledTo(deployment, current, deployment.spec.replicas ?? 1) : []

  if (deployment.spec.strategy?.type === 'Recreate') {
    const down = old.flatMap((set) => scaledTo(deployment, set, 0))
    const oldUids = new Set(old.map((set) => set.metadata.uid))
    const running = view.pods.some((pod) => pod.metadata.ownerReferences?.some((ref) => oldUids.has(ref.uid)))
    if (down.length > 0 || running) return down
  }
  const has = current?.spec.replicas ?? 0
  const wants = newReplicas(deployment, bounds, has, oldTotal)
  if (!current) {
    const revision = Math.max(0, ...old.map(revisionNumber)) + 1
    const object = newReplicaSet(deployment, wants, revision)
    return [
      { do: 'create', resource: replicaSets, object },
      scalingEvent(deployment, object.metadata.name, 'up', 0, wants),
    ]
  }
  if (wants !== has) return scaledTo(deployment, current, wants)
  if (oldTotal === 0) return []
  const keep = oldReplicas(deployment, bounds, current, old)
  return keep ? [...keep].flatMap(([set, replicas]) => scaledTo(deployment, set, replicas)) : []
}

function scaledTo(deployment: Deployment, set: ReplicaSet, replicas: number): Action[] {
  const has = set.spec.replicas ?? 0
  if (has === replicas) return []
  const object: ReplicaSet = { ...set, spec: { ...set.spec, replicas } }
  return [
    { do: 'update', resource: replicaSets, object },
    scalingEvent(deployment, set.metadata.name, replicas > has ? 'up' : 'down', has, replicas),
  ]
}

function scalingEvent(
  deployment: Deployment,
  name: string,
  direction: 'up' | 'down',
  from: number,
  to: number,
): Action {
  const message = `Scaled ${direction} replica set ${name} from ${from} to ${to}`
  return {
    do: 'event',
    about: deployment,
    type: 'Normal',
    reason: 'ScalingReplicaSet',
    message,
    source: 'deployment-controller',
  }
}

/** Empty old ReplicaSets beyond the history that is kept for a roll-back. */
function history(deployment: Deployment, old: ReplicaSet[]): Action[] {
  const empty = old
    .filter(
      (set) => (set.spec.replicas ?? 0) === 0 && (set.status?.replicas ?? 0) === 0 && !isTerminating(set),
    )
    .sort((a, b) => revisionNumber(a) - revisionNumber(b))
  const excess = empty.slice(0, Math.max(0, empty.length - (deployment.spec.revisionHistoryLimit ?? 10)))
  return excess.map((object): Action => ({ do: 'delete', resource: replicaSets, object }))
}

/** The newest template has the highest number, on its ReplicaSet and on the Deployment. */
function revisionUpdates(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: ReplicaSet[],
): Action[] {
  if (!current || deployment.spec.paused) return []
  const above = Math.max(0, ...old.map(revisionNumber)) + 1
  const revision = String(Math.max(revisionNumber(current), above))
  const actions: Action[] = []
  if (current.metadata.annotations?.[revisionAnnotation] !== revision) {
    actions.push({ do: 'update', resource: replicaSets, object: withRevision(current, revision) })
  }
  if (deployment.metadata.annotations?.[revisionAnnotation] !== revision) {
    actions.push({ do: 'update', resource: deployments, object: withRevision(deployment, revision) })
  }
  return actions
}

function withRevision<T extends Deployment | ReplicaSet>(object: T, revision: string): T {
  const annotations = { ...object.metadata.annotations, [revisionAnnotation]: revision }
  return { ...object, metadata: { ...object.metadata, annotations } }
}
