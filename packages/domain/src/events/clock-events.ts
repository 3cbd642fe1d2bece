/** Moments that have come; appended by the worker that keeps the alarm. */
export interface ClockEvents {
  /** A retained claim's time is over. It counts only while the claim is retained until that very moment. */
  ClaimExpiryDue: { claim: string; generation: number; until: string }
}
