/** What a reason means to those who run the Pod. Pieces of sentences, without an end. */
export interface ReasonNote {
  /** What it says. */
  means: string
  /** What to do about it; `nothing` when nothing has to be done. */
  todo: string
  goesOn: GoesOn
}

/**
 * How a claim with this reason goes on: `settled` = nothing waits; `by itself` = it is tried again, or goes on
 * as soon as what it waits for is there; `after a change` = only another request (new annotations, a new Pod)
 * gets any further.
 */
export type GoesOn = 'settled' | 'by itself' | 'after a change'

export const nothing = 'nothing'
