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
  if (intent === null || problem === null) return null
  return problem.code !== '' ? problem : (problem.obstacle ?? null)
}

/** What is wrong with the request is told first; what stands in the way of a call comes back once that is mended. */
export function refusalBefore(claim: Claim, refusal: Problem): Problem {
  const obstacle = obstacleOf(claim)
  return obstacle ? { ...refusal, obstacle } : refusal
}

/** What is wrong with the request stays told, whatever becomes of a call that was under way. */
export function refusalTold({ judged, problem }: Claim): Problem | null {
  if (!judged?.refusal || problem?.message !== judged.refusal.message) return null
  const { obstacle: _, ...refusal } = problem
  return refusal
}
