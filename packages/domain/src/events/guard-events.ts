import type { GuardName } from '../guard/guard.ts'

/** What the guard decides; appended by the projector. */
export interface GuardDecisions {
  /** More would have been given back at once than the operator's settings allow: what follows is held. */
  GuardClosed: {
    guard: GuardName
    /** What counted against the limit within the window, and out of how many Pods that live by the log. */
    count: number
    livePods: number
    /** Begin of the window, ISO 8601. */
    from: string
    windowMs: number
  }
  /** The claim's EIP stays where it is until an operator confirms, or its Pod is seen again. */
  ReclaimHeld: {
    claim: string
    generation: number
    guard: GuardName
    podUid: string
    /** As it was when the guard closed. */
    count: number
    windowMs: number
  }
  /** An operator's word reached the claim. */
  HoldEnded: {
    claim: string
    generation: number
    guard: GuardName
    /** `Confirmed`: it goes on. `Denied`: its Pod counts as alive again. */
    outcome: 'Confirmed' | 'Denied'
    by: string
  }
}

/** The word of an operator; appended by eipctl. */
export interface OperatorEvents {
  /** What the guard holds may go. It covers what was held up to `upTo`, a position of the log, and nothing later. */
  GuardConfirmed: { guard: GuardName; upTo: number; by: string }
  /** The Pods that were not seen live: the claims that are held for them live on. Covers the same. */
  GuardDenied: { guard: GuardName; upTo: number; by: string }
}
