import type { DomainEvent } from '../events/event.ts'
import type { Claim, ClaimPod } from './claim.ts'

/**
 * A Pod's end. One that was only missed in a list gives way to a proof, and a list that is older than what is
 * known of the Pod says nothing.
 */
export function podEnded(claim: Claim, event: DomainEvent<'PodEnded'>): Claim {
  const { pod } = claim
  const { podUid, reason, listVersion } = event.data
  if (pod?.uid !== podUid) return claim
  if (pod.ended && (pod.ended.reason !== 'Missed' || reason === 'Missed')) return claim
  if (listVersion !== undefined && BigInt(listVersion) < BigInt(pod.resourceVersion)) return claim
  const ended = { reason, at: event.occurredAt, ...(listVersion !== undefined && { listVersion }) }
  return { ...claim, pod: { ...pod, ended }, hold: reason === 'Missed' ? claim.hold : null }
}

/** A Pod that a list lacked is seen at a state that is no older than the list: it lives, and never ended. */
export function podFoundAgain(claim: Claim, event: DomainEvent<'PodFoundAgain'>): Claim {
  const { pod } = claim
  const { data } = event
  if (pod?.uid !== data.podUid || BigInt(data.resourceVersion) < BigInt(pod.resourceVersion)) return claim
  if (pod.ended && pod.ended.reason !== 'Missed') return claim
  if (BigInt(data.resourceVersion) < BigInt(pod.ended?.listVersion ?? '0')) return claim
  return { ...claim, pod: podOf(event), owner: data.owner, hold: null }
}

/** The Pod as the watcher saw it. */
export function podOf({ data, correlationId }: DomainEvent<'PodObserved' | 'PodFoundAgain'>): ClaimPod {
  const { podUid, resourceVersion, request, hostNetwork, node, privateIp, controller, terminating } = data
  return {
    ...{ uid: podUid, resourceVersion, request, hostNetwork, node, privateIp, controller, terminating },
    ...(data.endsBy !== undefined && { endsBy: data.endsBy }),
    ended: null,
    correlationId,
  }
}
