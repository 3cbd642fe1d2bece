import { CloudError } from '../cloud-error.ts'
import type { Member } from './call-joiner.ts'

/**
 * Makes one call for all members. Where the cloud refuses it for what one of them asks, the halves are sent, one
 * after the other, down to the one: a bad member fails alone, and each is told what became of it.
 * @param call tells every member its answer, or throws for all of them
 */
export async function sendOrHalve<Q, A>(
  members: Member<Q, A>[],
  call: (members: Member<Q, A>[]) => Promise<void>,
): Promise<void> {
  try {
    await call(members)
  } catch (error) {
    if (members.length === 1 || !mayConcernOne(error)) {
      for (const member of members) member.reject(error)
      return
    }
    const middle = Math.ceil(members.length / 2)
    await sendOrHalve(members.slice(0, middle), call)
    await sendOrHalve(members.slice(middle), call)
  }
}

/** Codes that say nothing about what was asked: each member alone would meet the same. */
const concernsAll =
  /^(RequestLimitExceeded|LimitExceeded\.ActionLimited|Internal(Server)?Error|ResourceUnavailable|UnauthorizedOperation|AuthFailure|InvalidAction|NoSuchVersion|UnsupportedRegion|NotSent|NoCredential|PagesShifted)/

/** Whether the cloud may have refused the whole for one of its parts. No answer is no refusal. */
function mayConcernOne(error: unknown): boolean {
  return error instanceof CloudError && error.class !== 'no-answer' && !concernsAll.test(error.code)
}
