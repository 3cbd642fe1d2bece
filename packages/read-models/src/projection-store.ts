import type { DecisionContext, Intent } from '@pod-eip/domain'

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
}

export interface AdvanceReport {
  /** Events read, without the step's own decisions. */
  folded: number
  decided: number
  /** Position up to which everything is folded now. */
  position: number
  /** Another step has something to do already. */
  more: boolean
  /** Cloud calls that this step ordered or called off. */
  intents: Intent[]
}

/** The projector's checkpoint in the log. */
export const projectorCheckpoint = 'projector'
