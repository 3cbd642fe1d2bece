/**
 * Whose turn it is to work, among processes that could all do it. Only so that calls which one process joins are
 * not spread over several: when two believe that it is theirs, both work, and nothing is wrong but the number of
 * calls.
 */
export interface WorkTurn {
  /**
   * Takes the turn where it is free, and keeps it where it is ours, for `forMs` from now; says whether we have it.
   * Safe to repeat. Rejects when the store is away.
   */
  hold(owner: string, forMs: number): Promise<boolean>
  /** Takes the turn, whoever has it. */
  seize(owner: string, forMs: number): Promise<void>
  /** Lets it go for the next, where it is ours. */
  yield(owner: string): Promise<void>
}
