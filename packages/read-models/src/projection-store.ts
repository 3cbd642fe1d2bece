import type { Claim, DecisionContext, Intent } from '@pod-eip/domain'

/** Where the projector keeps what it has folded. */
export interface ProjectionStore {
  /**
   * One step of the projection in one transaction: folds the next events, decides when they reach the end of
   * the log, appends the decisions and saves the read models with the checkpoint. Two projectors may call it
   * at once: they take turns, and each event is folded once. A failed call has changed nothing.
   */
  advance(options: AdvanceOptions, context: DecisionContext): Promise<AdvanceReport>
}

export interface AdvanceOptions {
  /** Events folded in one step. */
  maxEvents: number
  /** Claims decided about in one step. */
  maxClaims: number
  /** Claims to be decided about although no event touched them: the settings may have changed. */
  revisit?: string[]
  /** Nothing is decided: that is left to the next step. */
  foldOnly?: boolean
}

export interface AdvanceReport {
  /** Events read, without the step's own decisions. */
  folded: number
  decided: number
  /** Position up to which everything is folded now. */
  position: number
  /** Another step has something to do already. */
  more: boolean
  /** When another step has something to do without any new event, in epoch ms: an allocation waits for company. */
  dueAt: number | null
  /** Cloud calls that this step ordered or called off. */
  intents: Intent[]
  /** Claims whose time of expiry this step set. */
  alarms: Alarm[]
}

/** A retained claim, and when its time is over (ISO 8601). */
export interface Alarm {
  claim: string
  generation: number
  until: string
}

/** The alarm that a claim needs, or `null`. */
export function alarmOf(claim: Claim): Alarm | null {
  const until = claim.retained?.until
  return until ? { claim: claim.key, generation: claim.generation, until } : null
}

/** The projector's checkpoint in the log. */
export const projectorCheckpoint = 'projector'
