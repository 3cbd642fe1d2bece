import type { GuardSettings } from '../guard/guard.ts'

/** The operator's settings that the rules know. */
export interface Settings {
  /** Expiry of retained claims in milliseconds; `null` = never. */
  claimExpiredMs: number | null
  /** How much may be given back at once; absent: the defaults. */
  guard?: GuardSettings
  /** Cascade reclaim: a static claim's EIP goes with the workload of its Pods. */
  cascade: boolean
}
