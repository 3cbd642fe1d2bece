import type { Claim, InstallationMarks, ObjectRef } from '@pod-eip/domain'
import { type SeenObject, type Wanted, wantedObject, wantedStatus } from './claim-object.ts'

/** One write that brings a claim's object nearer to the claim. */
export type ObjectStep =
  | ApplyStep
  /** Takes the finalizer off. */
  | { kind: 'let go'; uid: string }
  | { kind: 'delete'; uid: string }

export interface ApplyStep {
  kind: 'apply'
  part: 'spec' | 'status'
  wanted: Wanted
  /** What of it was applied before and undone by somebody else since; the labels count as spec. */
  undone: 'object' | 'spec' | 'finalizer' | 'status' | null
}

/** What the next step depends on besides the claim and its object. */
export interface StepContext {
  /** Ours. */
  marks: InstallationMarks
  /** Whom the object is to name as its owner. */
  owner?: ObjectRef | null
  /** The definition of EIPClaims is being removed, and every object with it: none is held for the log's answer. */
  definitionGoing?: boolean
  /** The object was there before this process began, by the log: when there is none, somebody has removed it. */
  wasShown?: boolean
  /** Whether what somebody has undone may be written again by now. */
  mayRepeat?: (step: ApplyStep) => boolean
}

/**
 * What the API server made of what was last applied. It may keep more or less than was sent (fields of
 * other managers, defaults); what it shows since then is not to be written again.
 */
export interface Settled {
  uid: string
  /** `metadata.generation` with the spec that was applied last. */
  generation?: number
  spec?: { wanted: string; shown: string }
  status?: { wanted: string; shown: string }
}

/**
 * The next write that a claim's object needs, or `null` when it is as it should be. Asked again after each
 * write.
 * @param claim `null` when the log knows no such claim
 * @param seen `null` when there is no object
 * @param settled `null` when nothing was applied yet
 */
export function nextObjectStep(
  claim: Claim | null,
  seen: SeenObject | null,
  settled: Settled | null,
  context: StepContext,
): ObjectStep | null {
  const { definitionGoing = false, wasShown = false, mayRepeat = () => true } = context
  const open = claim !== null && claim.phase !== 'Released'
  const allowed = (step: ApplyStep | null) => (step && (!step.undone || mayRepeat(step)) ? step : null)
  if (!seen) return open ? allowed(creation(claim, settled, wasShown, context)) : null
  // One object has one installation that writes it: the one that was first. What we have put there is all that is ours.
  if (seen.heldBy !== '') return seen.hasFinalizer ? { kind: 'let go', uid: seen.uid } : null
  if (seen.deleting) {
    const answered = !open || definitionGoing || claim.answeredDeletion === seen.uid
    if (answered) return seen.hasFinalizer ? { kind: 'let go', uid: seen.uid } : null
    return allowed(statusStep(claim, seen, settled))
  }
  // Written by who knew a later EIP of the claim: the log is an older one, and the object may be all that proves it.
  if (claim && seen.claimGeneration > claim.generation) return null
  if (open) {
    const spec = specStep(claim, seen, settled, context)
    const now = allowed(spec)
    if (now) return now
    // A spec that is not ours for the time being is not what the status is about.
    const about = spec ? { ...seen, generation: settled?.generation ?? seen.generation } : seen
    return allowed(statusStep(claim, about, settled))
  }
  if (!claim || !(seen.ours || seen.hasFinalizer)) return null
  // Without its finalizer first, or our own deletion would look like a user's.
  return { kind: seen.hasFinalizer ? 'let go' : 'delete', uid: seen.uid }
}

function creation(
  claim: Claim,
  settled: Settled | null,
  wasShown: boolean,
  { marks, owner = null }: StepContext,
): ApplyStep {
  const removed = settled === null ? wasShown : claim.answeredDeletion !== settled.uid
  const wanted = wantedObject(claim, null, marks, owner)
  return { kind: 'apply', part: 'spec', wanted, undone: removed ? 'object' : null }
}

function specStep(
  claim: Claim,
  seen: SeenObject,
  settled: Settled | null,
  { marks, owner = null }: StepContext,
): ApplyStep | null {
  const wanted = wantedObject(claim, seen, marks, owner)
  const whole = seen.hasFinalizer && seen.ours
  if (whole && shows(seen, 'spec', wanted, settled)) return null
  const undone = wasApplied(seen, 'spec', wanted, settled)
  const what = seen.hasFinalizer ? 'spec' : 'finalizer'
  return { kind: 'apply', part: 'spec', wanted, undone: undone ? what : null }
}

function statusStep(claim: Claim, seen: SeenObject, settled: Settled | null): ApplyStep | null {
  const wanted = wantedStatus(claim, seen)
  if (shows(seen, 'status', wanted, settled)) return null
  const undone = wasApplied(seen, 'status', wanted, settled)
  return { kind: 'apply', part: 'status', wanted, undone: undone ? 'status' : null }
}

function shows(seen: SeenObject, part: 'spec' | 'status', wanted: Wanted, settled: Settled | null): boolean {
  if (seen[part] === wanted.digest) return true
  return wasApplied(seen, part, wanted, settled) && settled?.[part]?.shown === seen[part]
}

/** Whether this very thing was applied to this very object. */
function wasApplied(
  seen: SeenObject,
  part: 'spec' | 'status',
  wanted: Wanted,
  settled: Settled | null,
): boolean {
  return settled?.uid === seen.uid && settled[part]?.wanted === wanted.digest
}
