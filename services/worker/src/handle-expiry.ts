import { newEvent } from '@pod-eip/domain'
import type { EventLog } from '@pod-eip/event-log'
import type { JobResult } from '@pod-eip/queue'
import { type ReadModels, toNewEvent } from '@pod-eip/read-models'
import type { Clock } from '@pod-eip/runtime'

export interface ExpiryHandling {
  readModels: Pick<ReadModels, 'claim'>
  log: Pick<EventLog, 'append'>
  clock: Clock
}

/**
 * An alarm rang: when the claim's time is over, that is recorded; the rules decide what follows. Safe to call
 * at any time and twice: a claim that was taken back, or whose time was moved, has an alarm of its own.
 */
export async function handleExpiry(key: string, deps: ExpiryHandling): Promise<JobResult> {
  const { readModels, log, clock } = deps
  const claim = await readModels.claim(key)
  const until = claim?.retained?.until
  if (!claim || !until || claim.retained?.due) return { kind: 'done' }
  const left = Date.parse(until) - clock.now()
  if (left > 0) return { kind: 'again', delayMs: left }
  const event = newEvent('ClaimExpiryDue', { claim: key, generation: claim.generation, until })
  await log.append([
    toNewEvent(event, {
      // A time that was over can be moved away and set again: then it is over once more.
      dedupeKey: `expiry-due/${key}/${claim.generation}/${until}/${claim.position}`,
      occurredAt: new Date(clock.now()).toISOString(),
      actor: 'worker',
      correlationId: claim.pod?.correlationId ?? key,
      causationPosition: claim.position,
    }),
  ])
  return { kind: 'done' }
}
