import type { ConditionReason } from './reasons/condition-reasons.ts'
import type { CodeReason } from './words.ts'

/** Why a condition stands as it does. */
export interface Why {
  reason: ConditionReason | CodeReason
  message: string
}
