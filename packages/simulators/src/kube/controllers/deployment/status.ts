import { withoutZeros } from '../shared/json.ts'
import type { Condition, Deployment, DeploymentStatus, ReplicaSet } from '../shared/objects.ts'
import { condition, withCondition } from '../shared/pod-state.ts'
import { parseTimestamp, timestamp } from '../shared/time.ts'
import { wantedReplicas } from './replica-sets.ts'
import type { Bounds } from './rolling-update.ts'

/** What the Deployment can say of itself, with the conditions that `kubectl rollout status` reads. */
export function deploymentStatus(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: ReplicaSet[],
  bounds: Bounds,
  now: number,
): DeploymentStatus {
  const all = current ? [current, ...old] : old
  const sum = (field: 'replicas' | 'readyReplicas' | 'availableReplicas') =>
    all.reduce((total, set) => total + (set.status?.[field] ?? 0), 0)
  const counts = {
    observedGeneration: deployment.metadata.generation ?? 1,
    replicas: sum('replicas'),
    updatedReplicas: current?.status?.replicas ?? 0,
    readyReplicas: sum('readyReplicas'),
    availableReplicas: sum('availableReplicas'),
    unavailableReplicas: Math.max(0, wantedReplicas(all) - sum('availableReplicas')),
  }
  const at = timestamp(now)
  const before = deployment.status?.conditions
  const available = stamped(before, availability(deployment, counts.availableReplicas, bounds), at)
  const conditions = stamped(available, progress(deployment, current, counts, now), at)
  const terminatingReplicas = all.reduce((total, set) => total + (set.status?.terminatingReplicas ?? 0), 0)
  return withoutZeros({ ...deployment.status, ...counts, conditions, terminatingReplicas }, [
    'terminatingReplicas',
  ])
}

/** When a rollout that is under way will have taken too long; `null` when none is. */
export function progressDeadline(deployment: Deployment, status: DeploymentStatus): number | null {
  const progressing = condition(status.conditions, 'Progressing')
  const finished = ['NewReplicaSetAvailable', 'ProgressDeadlineExceeded', 'DeploymentPaused']
  if (!progressing || finished.includes(progressing.reason ?? '')) return null
  const since = parseTimestamp(progressing.lastUpdateTime)
  return since === null ? null : since + (deployment.spec.progressDeadlineSeconds ?? 600) * 1000
}

function availability(deployment: Deployment, available: number, bounds: Bounds): Condition {
  const enough = available >= (deployment.spec.replicas ?? 1) - bounds.maxUnavailable
  return enough
    ? {
        type: 'Available',
        status: 'True',
        reason: 'MinimumReplicasAvailable',
        message: 'Deployment has minimum availability.',
      }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      }
}

function progress(
  deployment: Deployment,
  current: ReplicaSet | undefined,
  counts: Required<Omit<DeploymentStatus, 'conditions' | 'collisionCount' | 'terminatingReplicas'>>,
  now: number,
): Condition {
  const before = condition(deployment.status?.conditions, 'Progressing')
  const replicas = deployment.spec.replicas ?? 1
  const name = current ? `ReplicaSet "${current.metadata.name}"` : `Deployment "${deployment.metadata.name}"`
  const say = (status: string, reason: string, message: string): Condition => ({
    type: 'Progressing',
    status,
    reason,
    message,
  })

  if (deployment.spec.paused) return say('Unknown', 'DeploymentPaused', 'Deployment is paused')
  const complete =
    counts.updatedReplicas === replicas &&
    counts.replicas === replicas &&
    counts.availableReplicas === replicas
  if (complete) return say('True', 'NewReplicaSetAvailable', `${name} has successfully progressed.`)
  if (!current) return say('True', 'NewReplicaSetCreated', `${name} is making its first ReplicaSet.`)
  if (!before || moved(deployment.status, counts)) {
    return say('True', 'ReplicaSetUpdated', `${name} is progressing.`)
  }
  // A rollout that was complete stays so while a Pod is replaced: only a new template starts another.
  if (before.reason === 'NewReplicaSetAvailable' && before.message?.startsWith(name)) return before
  const deadline = progressDeadline(deployment, deployment.status ?? {})
  if (before.reason === 'ProgressDeadlineExceeded' || (deadline !== null && deadline <= now)) {
    return say('False', 'ProgressDeadlineExceeded', `${name} has timed out progressing.`)
  }
  return before.status === 'True' && before.reason !== 'NewReplicaSetAvailable'
    ? before
    : say('True', 'ReplicaSetUpdated', `${name} is progressing.`)
}

function moved(
  before: DeploymentStatus | undefined,
  now: { updatedReplicas: number; readyReplicas: number; availableReplicas: number; replicas: number },
): boolean {
  const oldBefore = (before?.replicas ?? 0) - (before?.updatedReplicas ?? 0)
  return (
    now.updatedReplicas > (before?.updatedReplicas ?? 0) ||
    now.readyReplicas > (before?.readyReplicas ?? 0) ||
    now.availableReplicas > (before?.availableReplicas ?? 0) ||
    now.replicas - now.updatedReplicas < oldBefore
  )
}

/** `lastUpdateTime` moves whenever anything of the condition changes, or a rollout moves on. */
function stamped(before: Condition[] | undefined, next: Condition, at: string): Condition[] {
  const same = condition(before, next.type)
  if (same && same.status === next.status && same.reason === next.reason && same.message === next.message) {
    const moving = next.reason === 'ReplicaSetUpdated' && next !== same
    return moving ? before!.map((c) => (c === same ? { ...c, lastUpdateTime: at } : c)) : before!
  }
  return withCondition(before, { ...next, lastUpdateTime: at }, at)
}
