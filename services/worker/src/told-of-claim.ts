import type { Claim, NewDomainEvent } from '@pod-eip/domain'
import type { NewEvent } from '@pod-eip/event-log'
import { toNewEvent } from '@pod-eip/read-models'
import type { Clock } from '@pod-eip/runtime'

/**
 * What was seen in the cloud of a claim's EIP, beside any intent, as the log takes it. Whoever sees the same of the
 * claim as it stood then tells it once.
 * @param about what kind of sight, such as `egress`: the claim may be told of several at once
 */
export function toldOfClaim(
  event: NewDomainEvent,
  claim: Claim,
  about: string,
  clock: Pick<Clock, 'now'>,
): NewEvent {
  const { key, position } = claim
  return toNewEvent(event, {
    dedupeKey: `${about}/${key}/${position}`,
    occurredAt: new Date(clock.now()).toISOString(),
    actor: 'worker',
    correlationId: claim.pod?.correlationId ?? key,
    causationPosition: position,
  })
}
