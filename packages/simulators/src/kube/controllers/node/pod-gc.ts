import { type Action, nothing, type Plan } from '../shared/actions.ts'
import type { Node, Pod } from '../shared/objects.ts'
import { condition, isTerminal, isTerminating, withCondition } from '../shared/pod-state.ts'
import { pods as podResource } from '../shared/resources.ts'
import { timestamp } from '../shared/time.ts'

const outOfService = 'node.kubernetes.io/out-of-service'

/**
 * Removes a Pod that no kubelet will ever end: its Node is gone (for `delayMs` since `orphanedSince`),
 * or is marked out of service while the Pod is Terminating.
 */
export function collectPod(
  pod: Pod,
  node: Node | undefined,
  orphanedSince: number,
  delayMs: number,
  now: number,
): Plan {
  if (!pod.spec.nodeName) return isTerminating(pod) ? { actions: [forceDelete(pod)] } : nothing
  if (node) {
    const dead =
      isTerminating(pod) &&
      condition(node.status?.conditions, 'Ready')?.status !== 'True' &&
      node.spec?.taints?.some((taint) => taint.key === outOfService)
    return dead ? { actions: [...failed(pod, 'node is out of service', now), forceDelete(pod)] } : nothing
  }
  const due = orphanedSince + delayMs
  if (now < due) return { actions: [], again: due }
  return { actions: [...failed(pod, 'node no longer exists', now), forceDelete(pod)] }
}

function failed(pod: Pod, why: string, now: number): Action[] {
  if (isTerminal(pod)) return []
  const target = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByPodGC',
    message: `PodGC: ${why}`,
  }
  const conditions = withCondition(pod.status?.conditions, target, timestamp(now))
  const object: Pod = { ...pod, status: { ...pod.status, phase: 'Failed', conditions } }
  return [{ do: 'updateStatus', resource: podResource, object }]
}

function forceDelete(pod: Pod): Action {
  return { do: 'delete', resource: podResource, object: pod, gracePeriodSeconds: 0 }
}
