import type { Claim, ObjectRef, Owner } from '@pod-eip/domain'

/**
 * The owner that a claim's object names: its workload, with cascade reclaim. Never one that has gone, or whose
 * naming had the object deleted once: Kubernetes' garbage collector would delete it again and again. An owner is in
 * the namespace of its Pods or in none, so no reference leads into another namespace.
 * @param end the end of the claim's owner; `null` when none is known
 */
export function namedOwner(claim: Claim, end: Owner | null, cascade: boolean): ObjectRef | null {
  const { owner, unnamedOwner } = claim
  return cascade && owner && !end && owner.uid !== unnamedOwner ? owner : null
}
