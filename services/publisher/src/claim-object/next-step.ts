import type { Claim, ObjectRef } from '@pod-eip/domain'
import { type SeenObject, type Wanted, wantedObject, wantedStatus } from './claim-object.ts'

/** One write that brings a claim's object nearer to the claim. */
export type ObjectStep =
  | { kind: 'apply'; part: 'spec' | 'status'; wanted: Wanted }
  /** Takes the finalizer off. */
  | { kind: 'let go'; uid: string }
  | { kind: 'delete'; uid: string }

/**
 * What the API server made of what was last applied. It may keep more or less than was sent (fields of
 * other managers, defaults); what it shows since then is not to be written again.
 */
export interface Settled {
  uid: string
  spec?: { wanted: string; shown: string }
  status?: { wanted: string; shown: string }
}

/**
 * The next write that a claim's object needs, or `null` when it is as it should be. Asked again after each
 * write.
 * @param claim `null` when the log knows no such claim
 * @param seen `null` when there is no object
 * @param settled `null` when nothing was applied yet
 * @param owner whom the object is to name as its owner
 */
export function nextObjectStep(
  claim: Claim | null,
  seen: SeenObject | null,
  settled: Settled | null,
  owner: ObjectRef | null = null,
): ObjectStep | null {
  const open = claim !== null && claim.phase !== 'Released'
  if (!seen) return open ? { kind: 'apply', part: 'spec', wanted: wantedObject(claim, null, owner) } : null
  if (seen.deleting) {
    const answered = !open || claim.answeredDeletion === seen.uid
    if (answered) return seen.hasFinalizer ? { kind: 'let go', uid: seen.uid } : null
    return statusStep(claim, seen, settled)
  }
  if (open) return specStep(claim, seen, settled, owner) ?? statusStep(claim, seen, settled)
  if (!claim || !(seen.ours || seen.hasFinalizer)) return null
  // Without its finalizer first, or our own deletion would look like a user's.
  return { kind: seen.hasFinalizer ? 'let go' : 'delete', uid: seen.uid }
}

function specStep(
  claim: Claim,
  seen: SeenObject,
  settled: Settled | null,
  owner: ObjectRef | null,
): ObjectStep | null {
  const wanted = wantedObject(claim, seen, owner)
  const whole = seen.hasFinalizer && seen.ours
  if (whole && shows(seen, 'spec', wanted, settled)) return null
  return { kind: 'apply', part: 'spec', wanted }
}

function statusStep(claim: Claim, seen: SeenObject, settled: Settled | null): ObjectStep | null {
  const wanted = wantedStatus(claim, seen)
  return shows(seen, 'status', wanted, settled) ? null : { kind: 'apply', part: 'status', wanted }
}

function shows(seen: SeenObject, part: 'spec' | 'status', wanted: Wanted, settled: Settled | null): boolean {
  if (seen[part] === wanted.digest) return true
  if (settled?.uid !== seen.uid) return false
  const last = settled[part]
  return last?.wanted === wanted.digest && last.shown === seen[part]
}
