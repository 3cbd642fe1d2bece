import type { DomainEvent } from '../events/event.ts'
import type { Owner } from '../owner/owner.ts'
import type { Claim } from './claim.ts'
import type { Settings } from './decide-claim.ts'

/**
 * Cascade reclaim: whether a static claim's EIP goes with the workload that its Pods belong to. It does once that
 * workload has ended and took what it owned with it; when that is done is for the caller, and never while a Pod
 * runs. A workload of the same name that was made anew is another one.
 * @param owner what the log knows of the end of the claim's owner; `null` when nothing
 */
export function goesWithOwner(claim: Claim, owner: Owner | null, settings: Settings): boolean {
  return settings.cascade && owner !== null && owner.uid === claim.owner?.uid && owner.end !== 'Orphaning'
}

/**
 * Whether Kubernetes alone deleted the claim's object, together with an owner that is to keep its EIPs: by the
 * setting, by the way in which it was deleted, or because the Pod belongs to another one by now.
 */
export function collectedInVain(claim: Claim, owner: Owner | null, settings: Settings): boolean {
  const { deletion } = claim
  if (!deletion?.collected || deletion.namespaceTerminating) return false
  return !goesWithOwner(claim, owner, settings)
}

/** Follows a change of the owner that the Pod itself does not show. */
export function ownerChanged(claim: Claim, { data }: DomainEvent<'OwnerChanged'>): Claim {
  return (claim.owner?.uid ?? null) === data.formerUid ? { ...claim, owner: data.owner } : claim
}
