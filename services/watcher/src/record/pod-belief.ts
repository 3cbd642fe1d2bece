import type { Claim, EventData, ObjectRef, PodRequest } from '@pod-eip/domain'
import { livePod } from '@pod-eip/domain'
import type { ClusterEvent } from './cluster-event.ts'
import { isOlder } from './resource-version.ts'

/** A living Pod as the log last recorded it. */
export interface KnownPod {
  uid: string
  resourceVersion: string
  request: PodRequest | null
  hostNetwork: boolean
  node: string | null
  privateIp: string | null
  controller: ObjectRef | null
  terminating: boolean
}

/** The Pods that live, as far as the log knows, by claim. A Pod that has ended is forgotten. */
export type PodBelief = Map<string, KnownPod>

/** What the log believed when these claims were read. */
export function podBeliefOf(claims: Iterable<Claim>): PodBelief {
  const belief: PodBelief = new Map()
  for (const claim of claims) {
    const pod = livePod(claim)
    if (pod) belief.set(claim.key, known(pod.uid, pod))
  }
  return belief
}

/** Folds an event into the belief, in place, with the same guards as the claim itself: late news changes nothing. */
export function foldPodEvent(belief: PodBelief, { type, data }: ClusterEvent): void {
  switch (type) {
    case 'PodObserved': {
      const before = belief.get(data.claim)
      if (!before || isOlder(before.resourceVersion, data.resourceVersion)) {
        belief.set(data.claim, known(data.podUid, data))
      }
      return
    }
    case 'PodEnded':
      if (belief.get(data.claim)?.uid === data.podUid) belief.delete(data.claim)
      return
    case 'NodeObserved':
    case 'NodeRemoved':
    case 'EipClaimDeletionRequested':
      return
  }
}

function known(
  uid: string,
  facts: Omit<EventData['PodObserved'], 'claim' | 'podUid' | 'createdAt'>,
): KnownPod {
  const { resourceVersion, request, hostNetwork, node, privateIp, controller, terminating } = facts
  return { uid, resourceVersion, request, hostNetwork, node, privateIp, controller, terminating }
}
