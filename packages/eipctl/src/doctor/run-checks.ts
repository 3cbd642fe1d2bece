import type { Clock } from '@pod-eip/runtime'
import { connectionFault } from '@pod-eip/runtime'
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
    return [finding(check.name, 'fail', whyNot(error, check.name))]
  } finally {
    done.abort()
  }
}

/** The reason of a failure in words; errors of connections come without a message that helps. */
function whyNot(error: unknown, target: string): string {
  const fault = connectionFault(error, `the ${target}`)
  if (fault !== null) return `${fault[0]!.toUpperCase()}${fault.slice(1)}.`
  const { message, errors } = error as { message?: string; errors?: unknown[] }
  if (message) return `${message.replace(/\.$/, '')}.`
  return errors?.[0] ? whyNot(errors[0], target) : `${String(error)}.`
}
