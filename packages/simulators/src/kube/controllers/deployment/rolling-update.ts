import type { Deployment, ReplicaSet } from '../shared/objects.ts'
import { wantedReplicas } from './replica-sets.ts'

/** How many Pods a rolling update may have too many, and how many may be missing. */
export interface Bounds {
  maxSurge: number
  maxUnavailable: number
}

/**
 * The bounds as numbers: percentages of the replicas, the surge rounded up and the rest down. They are
 * never both 0, or no update could move.
 */
export function updateBounds(deployment: Deployment): Bounds {
  const replicas = deployment.spec.replicas ?? 1
  if (deployment.spec.strategy?.type === 'Recreate') return { maxSurge: 0, maxUnavailable: replicas }
  const rolling = deployment.spec.strategy?.rollingUpdate
  const maxSurge = absolute(rolling?.maxSurge ?? '25%', replicas, Math.ceil)
  const maxUnavailable = Math.min(replicas, absolute(rolling?.maxUnavailable ?? '25%', replicas, Math.floor))
  return maxSurge === 0 && maxUnavailable === 0
    ? { maxSurge, maxUnavailable: 1 }
    : { maxSurge, maxUnavailable }
}

/** How many replicas the ReplicaSet of the new template should have now (it has `current`). */
export function newReplicas(deployment: Deployment, bounds: Bounds, current: number, old: number): number {
  const replicas = deployment.spec.replicas ?? 1
  if (current >= replicas) return replicas
  const room = replicas + bounds.maxSurge - current - old
  return current + Math.max(0, Math.min(room, replicas - current))
}

/**
 * How many replicas each old ReplicaSet should keep now: Pods that do not work go first, then as many
 * as the new Pods that are available allow. `null` when nothing may change.
 */
export function oldReplicas(
  deployment: Deployment,
  bounds: Bounds,
  current: ReplicaSet,
  old: ReplicaSet[],
): Map<ReplicaSet, number> | null {
  const minAvailable = (deployment.spec.replicas ?? 1) - bounds.maxUnavailable
  const newUnavailable = (current.spec.replicas ?? 0) - (current.status?.availableReplicas ?? 0)
  let spare = wantedReplicas([current, ...old]) - minAvailable - newUnavailable
  if (spare <= 0) return null

  const keep = new Map(old.map((set) => [set, set.spec.replicas ?? 0]))
  const take = (set: ReplicaSet, count: number) => {
    keep.set(set, keep.get(set)! - count)
    spare -= count
  }
  for (const set of old) {
    const unhealthy = Math.max(0, keep.get(set)! - (set.status?.availableReplicas ?? 0))
    take(set, Math.min(unhealthy, Math.max(0, spare)))
  }
  for (const set of old) take(set, Math.min(keep.get(set)!, Math.max(0, spare)))
  return keep
}

function absolute(value: number | string, total: number, round: (n: number) => number): number {
  if (typeof value === 'number') return value
  const share = /^(\d+)%$/.exec(value)
  return share ? round((Number(share[1]) * total) / 100) : Number(value) || 0
}
