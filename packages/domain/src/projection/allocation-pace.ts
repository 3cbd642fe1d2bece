/**
 * How fast allocations follow each other: what the last step decided, kept in the projector's checkpoint. It
 * only chooses the moment of a decision; what was decided is in the log.
 */
export interface AllocationPace {
  /** ISO 8601; empty before the first. */
  at: string
  /** Claims that the last step with an allocation allocated for. */
  claims: number
}

/** Wait for each claim that the last step allocated for, in ms. */
const spacingPerClaimMs = 1_000
/** The longest wait, in ms. */
const longestSpacingMs = 3_000

export const noPace: AllocationPace = { at: '', claims: 0 }

/**
 * From when on another allocation may be decided that is not a full one, in epoch ms. After a quiet time one goes
 * out at once; the more come, the longer they are gathered.
 */
export function nextAllocationAt(pace: AllocationPace): number {
  if (pace.at === '') return Number.NEGATIVE_INFINITY
  return Date.parse(pace.at) + Math.min(longestSpacingMs, spacingPerClaimMs * pace.claims)
}
