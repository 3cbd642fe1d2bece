import { newEvent, splitClaimKey } from '@pod-eip/domain'
import type { SeenEipClaim } from '../project/project-eip-claim.ts'
import type { ClusterEvent } from './cluster-event.ts'

/** Uids of the EIPClaim objects whose deletion was recorded, while they are still shown. */
export type RecordedDeletions = Set<string>

/**
 * The EIPClaims among those seen whose deletion is not in the log yet. One that is given back already needs none, and
 * one of another installation, or of TKE's ipamd, is not about an EIP of this log.
 */
export function newDeletions(recorded: RecordedDeletions, seen: Iterable<SeenEipClaim>): SeenEipClaim[] {
  const fresh = new Map<string, SeenEipClaim>()
  for (const claim of seen) {
    if (!claim.ours || !claim.deletionRequested || claim.released || recorded.has(claim.uid)) continue
    // As it was when it was deleted: later states may have lost the owners that it went with.
    if (!fresh.has(claim.uid)) fresh.set(claim.uid, claim)
  }
  return [...fresh.values()]
}

/** How the cluster stands around deleted EIPClaims. */
export interface DeletionScene {
  /** Namespaces that are being deleted as a whole. */
  goingNamespaces: ReadonlySet<string>
  /** Claims whose Pods have gone or are being deleted. */
  goingPods: ReadonlySet<string>
  /** Objects that Kubernetes' garbage collector deletes, with the uid of the owner that they go with. */
  collected: ReadonlyMap<string, string>
}

/** What deletions of EIPClaim objects add to the log. */
export function recordDeletions(
  recorded: RecordedDeletions,
  deletions: SeenEipClaim[],
  { goingNamespaces, goingPods, collected }: DeletionScene,
): ClusterEvent[] {
  return deletions.map(({ claim, uid }) => {
    recorded.add(uid)
    const namespaceTerminating = goingNamespaces.has(splitClaimKey(claim).namespace)
    return newEvent('EipClaimDeletionRequested', {
      claim,
      objectUid: uid,
      namespaceTerminating,
      collectedWith: collected.get(uid) ?? null,
      ...(goingPods.has(claim) && { podGoing: true as const }),
    })
  })
}
