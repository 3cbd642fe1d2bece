import type { DomainEvent } from '../events/event.ts'
import type { Claim, Problem } from './claim.ts'

/** Why the claim does not go on, since this event. */
export function problem(
  event: DomainEvent,
  reason: string,
  message: string,
  word: Partial<Problem> = {},
): Problem {
  return {
    reason,
    message,
    code: word.code ?? '',
    requestId: word.requestId ?? '',
    since: word.since ?? event.occurredAt,
    retryAt: word.retryAt ?? '',
    retryEveryMs: word.retryEveryMs ?? 0,
    tries: word.tries ?? 0,
    toldAt: event.occurredAt,
  }
}

/** What stands in the way of a call that is under way stays told, whatever the Pod asks for meanwhile. */
export function obstacleOf({ intent, problem }: Claim): Problem | null {
  return intent !== null && problem !== null && problem.code !== '' ? problem : null
}

/** What is wrong with the request stays told, whatever becomes of a call that was under way. */
export function refusalTold({ judged, problem }: Claim): Problem | null {
  return judged?.refusal && problem?.message === judged.refusal.message ? problem : null
}
