import type { DomainEvent } from '../events/event.ts'
import type { Owner } from '../owner/owner.ts'
import type { Claim } from './claim.ts'
import type { Settings } from './settings.ts'

/**
 * Cascade reclaim: whether a static claim's EIP goes with the workload that its Pods belong to. It does once that
 * workload has ended and took what it owned with it; when that is done is for the caller, and never while a Pod
 * runs. A workload of the same name that was made anew is another one.
 * @param owner what the log knows of the end of the claim's owner; `null` when nothing
 */
export function goesWithOwner(claim: Claim, owner: Owner | null, settings: Settings): boolean {
  return settings.cascade && owner !== null && owner.uid === claim.owner?.uid && owner.end !== 'Orphaning'
}

/** Whether Kubernetes alone deleted the claim's object, together with its owner. With a namespace everything goes. */
export function isCollected({ deletion }: Claim): boolean {
  return deletion !== null && deletion.collectedWith !== null && !deletion.namespaceTerminating
}

/**
 * What a deletion by Kubernetes alone means. `GoesAlong`: the EIP goes with the owner, or will once that has ended.
 * `InVain`: it is to be kept, by the setting, by the way in which the owner was deleted, or because the Pod belongs
 * to another one by now.
 */
export function collection(claim: Claim, owner: Owner | null, settings: Settings): 'GoesAlong' | 'InVain' {
  const isOwner = claim.owner !== null && claim.owner.uid === claim.deletion?.collectedWith
  return settings.cascade && isOwner && owner?.end !== 'Orphaning' ? 'GoesAlong' : 'InVain'
}

/** Follows a change of the owner that the Pod itself does not show. */
export function ownerChanged(claim: Claim, { data }: DomainEvent<'OwnerChanged'>): Claim {
  return (claim.owner?.uid ?? null) === data.formerUid ? { ...claim, owner: data.owner } : claim
}
