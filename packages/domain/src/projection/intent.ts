import type { EventData } from '../events/event.ts'
import type { IntentAction } from '../events/outcomes.ts'

/** A cloud call that was decided, and whether it still is wanted. Plain JSON. */
export interface Intent {
  id: string
  action: IntentAction
  /** The first of its members. */
  claim: string
  generation: number
  /** Whom it is for, in order: an allocation may be for several, any other call is for one. */
  members: IntentMember[]
  /** Data of the decision that ordered it, of the first member. */
  order: IntentOrder
  status: 'pending' | 'cancelled' | 'done'
  decidedAt: string
  decidedPosition: number
  correlationId: string
  /** 0 until there is one. */
  outcomePosition: number
  position: number
}

/** The decisions that order a cloud call. */
export type IntentOrder =
  | { type: 'AllocationDecided'; data: EventData['AllocationDecided'] }
  | { type: 'LookupDecided'; data: EventData['LookupDecided'] }
  | { type: 'BindingDecided'; data: EventData['BindingDecided'] }
  | { type: 'UnbindingDecided'; data: EventData['UnbindingDecided'] }
  | { type: 'ReleaseDecided'; data: EventData['ReleaseDecided'] }

/** A claim that a cloud call is for. Plain JSON. */
export interface IntentMember {
  claim: string
  generation: number
  podUid: string
  correlationId: string
  decidedPosition: number
  /** It no longer wants the call. */
  cancelled: boolean
  /** It has its outcome. */
  done: boolean
}
