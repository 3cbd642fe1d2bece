import type { Claim, EventData, ObjectRef, PodRequest } from '@pod-eip/domain'
import type { ClusterEvent } from './cluster-event.ts'
import { isOlder } from './resource-version.ts'

/** A Pod as the log last recorded it, that lives or may live. */
export interface KnownPod {
  uid: string
  resourceVersion: string
  request: PodRequest | null
  hostNetwork: boolean
  node: string | null
  privateIp: string | null
  controller: ObjectRef | null
  owner: ObjectRef | null
  terminating: boolean
  endsBy?: string
  /** resourceVersion of the list that lacked it; `null` while it lives by the log. */
  missedVersion: string | null
}

/** The Pods that live or were only missed, as far as the log knows, by claim. A Pod that is known to have ended is forgotten. */
export type PodBelief = Map<string, KnownPod>

/** What the log believed when these claims were read. */
export function podBeliefOf(claims: Iterable<Claim>): PodBelief {
  const belief: PodBelief = new Map()
  for (const claim of claims) believeClaim(belief, claim)
  return belief
}

/** Adds what a claim says of its newest Pod, in place. */
export function believeClaim(belief: PodBelief, { key, owner, pod }: Claim): void {
  if (!pod || (pod.ended && pod.ended.reason !== 'Missed')) return
  belief.set(key, { ...known(pod.uid, { ...pod, owner }), missedVersion: pod.ended?.listVersion ?? null })
}

/** Folds an event into the belief, in place, with the same guards as the claim itself: late news changes nothing. */
export function foldPodEvent(belief: PodBelief, { type, data }: ClusterEvent): void {
  switch (type) {
    case 'PodObserved': {
      const before = belief.get(data.claim)
      if (before?.uid === data.podUid && before.missedVersion !== null) return
      if (!before || isOlder(before.resourceVersion, data.resourceVersion)) {
        belief.set(data.claim, known(data.podUid, data))
      }
      return
    }
    case 'PodEnded': {
      const before = belief.get(data.claim)
      if (before?.uid !== data.podUid) return
      const { listVersion } = data
      if (listVersion === undefined) belief.delete(data.claim)
      else if (before.missedVersion === null && !isOlder(listVersion, before.resourceVersion)) {
        belief.set(data.claim, { ...before, missedVersion: listVersion })
      }
      return
    }
    case 'PodFoundAgain': {
      const before = belief.get(data.claim)
      if (before?.uid !== data.podUid || isOlder(data.resourceVersion, before.resourceVersion)) return
      if (before.missedVersion !== null && isOlder(data.resourceVersion, before.missedVersion)) return
      belief.set(data.claim, known(data.podUid, data))
      return
    }
    case 'OwnerChanged': {
      const pod = belief.get(data.claim)
      if (pod?.uid === data.podUid) belief.set(data.claim, { ...pod, owner: data.owner })
      return
    }
    case 'OwnerEnded':
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
  const { resourceVersion, request, hostNetwork, node, privateIp, controller, owner, terminating } = facts
  return {
    ...{ uid, resourceVersion, request, hostNetwork, node, privateIp, controller, owner, terminating },
    ...(facts.endsBy !== undefined && { endsBy: facts.endsBy }),
    missedVersion: null,
  }
}
