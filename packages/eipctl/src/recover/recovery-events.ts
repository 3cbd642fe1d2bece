import { type NewDomainEvent, newEvent } from '@pod-eip/domain'
import type { NewEvent } from '@pod-eip/event-log'
import { toNewEvent } from '@pod-eip/read-models'
import type { RecoveryPlan } from './plan-recovery.ts'

/**
 * What brings the log up to what is proved: appended together, or not at all. Nothing that is in the log is changed.
 * @param now ISO 8601
 */
export function recoveryEvents(
  { claims, strays, left }: RecoveryPlan,
  { by, now, recovery }: { by: string; now: string; recovery: string },
): NewEvent[] {
  const told: NewDomainEvent[] = [
    ...claims.map((claim) => newEvent('ClaimRecovered', { ...claim, by })),
    ...strays.map((stray) => newEvent('OrphanFound', { ...stray, seenSince: now })),
    newEvent('LogRecovered', {
      ...{ recovery, claims: claims.length, by },
      ...(left.length > 0 && { left: left.map(({ addressId }) => addressId) }),
    }),
  ]
  return told.map((event) =>
    toNewEvent(event, {
      occurredAt: now,
      actor: `operator:${by}`,
      correlationId: `recovery/${recovery}`,
      causationPosition: null,
    }),
  )
}
