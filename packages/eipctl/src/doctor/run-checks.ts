import type { Clock } from '@pod-eip/runtime'
import { type Check, type Finding, finding } from './check.ts'

/** So long may one target take: whoever waits for a doctor wants an answer. */
export const longestMs = 30_000

/** Runs the checks at the same time, each bounded in time; the findings come in the order of the checks. */
export async function runChecks(
  checks: readonly Check[],
  clock: Clock,
  signal: AbortSignal,
): Promise<Finding[]> {
  return (await Promise.all(checks.map((check) => runOne(check, clock, signal)))).flat()
}

async function runOne(check: Check, clock: Clock, signal: AbortSignal): Promise<Finding[]> {
  const done = new AbortController()
  const tooLong = clock
    .sleep(longestMs, AbortSignal.any([signal, done.signal]))
    .then(() => [
      finding(
        check.name,
        'fail',
        `It did not answer within ${longestMs / 1000} s; see whether it is reachable from here.`,
      ),
    ])
  try {
    return await Promise.race([check.run(), tooLong])
  } catch (error) {
    return [finding(check.name, 'fail', whyNot(error))]
  } finally {
    done.abort()
  }
}

/** The reason of a failure in words; errors of connections come without a message that helps. */
function whyNot(error: unknown): string {
  const { code, message, errors } = error as { code?: string; message?: string; errors?: unknown[] }
  switch (code) {
    case 'ECONNREFUSED':
      return 'Nothing listens there; start it, or correct its address.'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'There is no host of that name; correct its address.'
    case 'ETIMEDOUT':
      return 'It does not answer; check host, port and the firewalls between.'
    default:
      return message
        ? `${message.replace(/\.$/, '')}.`
        : errors?.[0]
          ? whyNot(errors[0])
          : `${String(error)}.`
  }
}
