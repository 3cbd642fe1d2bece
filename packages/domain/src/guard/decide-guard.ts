import type { Claim } from '../claim/claim.ts'
import type { Decision, DecisionContext } from '../claim/decision.ts'
import { newEvent } from '../events/event.ts'
import { countedSince, defaultGuardSettings, type Guard, type GuardName } from './guard.ts'

/** The guards by name. */
export type Guards = (name: GuardName) => Guard

/**
 * Stands between the decision about a claim and the log (rule I8): what gives back too much at once is held until an
 * operator's word. Returns the decision itself, the decision to hold it, or `null` when it is held already.
 */
export function guarded(
  decision: Decision,
  claim: Claim,
  guards: Guards,
  context: DecisionContext,
): Decision | null {
  if (claim.hold?.confirmed) return decision
  // Whatever else becomes of a claim that is over gives nothing back.
  if (claim.phase === 'Released' && decision.type !== 'ReleaseDecided') return decision
  const from = windowBegin(context)
  const guard = guardOf(decision, claim, guards, from, context)
  if (!guard) return decision
  const { name, closed, livePods } = guard
  const windowMs = settingsOf(context).windowMs
  if (!closed) {
    return newEvent('GuardClosed', {
      guard: name,
      count: countedSince(guard, from),
      livePods,
      from,
      windowMs,
    })
  }
  if (claim.hold) return null
  return newEvent('ReclaimHeld', {
    claim: claim.key,
    generation: claim.generation,
    guard: name,
    podUid: claim.pod?.uid ?? '',
    count: closed.count,
    windowMs: closed.windowMs,
  })
}

/** The word of an operator that a held claim has not heard yet. */
export function hearWord(claim: Claim, guards: Guards): Decision | null {
  if (!claim.hold || claim.hold.confirmed) return null
  const guard = guards(claim.hold.guard)
  if (!guard.word || !coveredByWord(guard).includes(claim.key)) return null
  return newEvent('HoldEnded', {
    claim: claim.key,
    generation: claim.generation,
    guard: guard.name,
    outcome: guard.word.kind === 'confirmed' ? 'Confirmed' : 'Denied',
    by: guard.word.by,
  })
}

/** Held claims that an operator's word is about. */
export function coveredByWord({ held, word }: Guard): string[] {
  if (!word) return []
  return held.filter(({ position }) => position <= word.upTo).map(({ claim }) => claim)
}

/** The guard that a decision has to pass and cannot, now. */
function guardOf(
  decision: Decision,
  claim: Claim,
  guards: Guards,
  from: string,
  context: DecisionContext,
): Guard | null {
  const absence = guards('absence')
  if (restsOnAbsence(decision, claim, absence.closed?.from ?? from)) {
    if (absence.closed || isOverLimit(absence, from, context)) return absence
  }
  const releases = guards('releases')
  if (decision.type === 'ReleaseDecided') {
    if (releases.closed || isAtReleaseLimit(releases, from, context)) return releases
  }
  return null
}

/** Whether the decision takes something from the claim because its Pod was not seen since that moment. */
function restsOnAbsence(decision: Decision, { pod }: Claim, since: string): boolean {
  if (pod?.ended?.reason !== 'Missed' || pod.ended.at < since) return false
  switch (decision.type) {
    case 'UnbindingDecided':
    case 'CancellationDecided':
    case 'ClaimRetained':
    case 'ReleaseDecided':
    case 'ListedAddressGivenBack':
    case 'ClaimClosed':
      return true
    default:
      return false
  }
}

function isOverLimit(guard: Guard, from: string, context: DecisionContext): boolean {
  const { missedCount, missedShare } = settingsOf(context)
  const missed = countedSince(guard, from)
  return missed > missedCount && missed > missedShare * (guard.livePods + missed)
}

function isAtReleaseLimit(guard: Guard, from: string, context: DecisionContext): boolean {
  const { releases, releasedShare, fewReleases } = settingsOf(context)
  const released = countedSince(guard, from)
  if (releases !== null && released >= releases) return true
  if (releasedShare === null || released < fewReleases) return false
  // Out of those that there were when the window began, so that the share does not grow by what has gone.
  return released + 1 > releasedShare * (guard.heldEips + released)
}

function settingsOf({ settings }: DecisionContext) {
  return settings.guard ?? defaultGuardSettings
}

function windowBegin(context: DecisionContext): string {
  return new Date(Date.parse(context.now) - settingsOf(context).windowMs).toISOString()
}
