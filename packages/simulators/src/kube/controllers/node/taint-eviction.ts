import { toleratesTaint } from '../scheduler/filter.ts'
import { nothing, type Plan } from '../shared/actions.ts'
import type { Node, Pod } from '../shared/objects.ts'
import { isTerminal, isTerminating, objectKey } from '../shared/pod-state.ts'
import { pods as podResource } from '../shared/resources.ts'
import { parseTimestamp } from '../shared/time.ts'

/** The API server's admission gives Pods 300 s on a Node that is not ready; here the same without it. */
const defaultTolerationSeconds = 300
const nodeTaints = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

/**
 * Deletes a Pod from a Node with a NoExecute taint that it does not tolerate (any longer). Where the
 * kubelet is silent, the Pod then stays Terminating until the Node goes.
 */
export function evictByTaint(pod: Pod, node: Node, now: number): Plan {
  if (isTerminal(pod) || isTerminating(pod)) return nothing
  let due = Number.POSITIVE_INFINITY
  for (const taint of node.spec?.taints ?? []) {
    if (taint.effect !== 'NoExecute') continue
    const accepting = (pod.spec.tolerations ?? []).filter((t) => toleratesTaint(t, taint))
    const seconds =
      accepting.length > 0
        ? Math.min(...accepting.map((t) => t.tolerationSeconds ?? Number.POSITIVE_INFINITY))
        : nodeTaints.includes(taint.key)
          ? defaultTolerationSeconds
          : 0
    due = Math.min(due, (parseTimestamp(taint.timeAdded) ?? now) + seconds * 1000)
  }
  if (due === Number.POSITIVE_INFINITY) return nothing
  if (now < due) return { actions: [], again: due }
  const message = `Marking for deletion Pod ${objectKey(pod)}`
  return {
    actions: [
      {
        do: 'event',
        about: pod,
        type: 'Normal',
        reason: 'TaintManagerEviction',
        message,
        source: 'taint-eviction-controller',
      },
      { do: 'delete', resource: podResource, object: pod },
    ],
  }
}
