import type { DomainEvent } from '@pod-eip/domain'
import type { Urgency } from './work-queue/turns.ts'

/**
 * How soon a fact of the log is to be published: what somebody waits for comes before what only informs. A Pod waits
 * for its readiness gate, a Service for a Pod to leave it, the scheduler for a Node's EIP slots, and a deleted object
 * (its namespace, too) for its end.
 */
export function urgencyOf({ type }: Pick<DomainEvent, 'type'>): Urgency {
  switch (type) {
    case 'AddressBound':
    case 'AddressUnbound':
    case 'UnbindingDecided':
    case 'NodeObserved':
    case 'PodEnded':
    case 'ReclaimDeclined':
    case 'ClaimClosed':
      return 'urgent'
    default:
      return 'usual'
  }
}
