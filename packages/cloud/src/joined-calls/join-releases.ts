import type { Clock } from '@pod-eip/runtime'
import { CloudError } from '../cloud-error.ts'
import type { CallOptions, CallResult, EipCloud } from '../eip-cloud.ts'
import { createCallJoiner, type Member } from './call-joiner.ts'
import { sendOrHalve } from './send-or-halve.ts'

/** Most ids that are sent with one ReleaseAddresses; the page of the action names no limit. */
const most = 100
/**
 * How long a release waits for company, in ms. Nobody waits for it, and for about as long the cloud refuses to
 * release an EIP that was just unbound.
 */
const gatherMs = 1_000
/** While Pods go on ending releases wait longer; not for long, since each keeps one of the worker's hands. */
const spacing = { perMemberMs: 2_000, longestMs: 5_000 }
/** So often a batch is sent that is refused because the cloud still works on one of its EIPs. */
const busyAttempts = 3

interface Release {
  addressIds: string[]
  admit?: CallOptions['admit']
}

/**
 * ReleaseAddresses for all who ask at about the same time. Each is asked once more just before the request
 * leaves (`admit`); who may not release any more is told so, and the others go on without it. Idempotent as the
 * action is: after a batch that was refused some of it may have been released.
 */
export function joinReleases(
  cloud: Pick<EipCloud, 'releaseAddresses'>,
  clock: Clock,
): EipCloud['releaseAddresses'] {
  const joined = createCallJoiner<Release, CallResult>({
    clock,
    most,
    weigh: (asked) => asked.addressIds.length,
    gatherMs,
    spacing,
    send: (members) => sendOrHalve(members, patiently),
  })

  /** A batch with an EIP that was just unbound is whole again in a moment: cheaper than to take it apart. */
  async function patiently(members: Member<Release, CallResult>[]): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await release(members)
      } catch (error) {
        const busy = error instanceof CloudError && error.code === 'OperationDenied.MutexTaskRunning'
        if (!busy || members.length === 1 || attempt === busyAttempts) throw error
        await clock.sleep(gatherMs)
      }
    }
  }

  async function release(members: Member<Release, CallResult>[]): Promise<void> {
    const denied = new Map<Member<Release, CallResult>, unknown>()
    const admit: CallOptions['admit'] = async (action, signal) => {
      for (const member of members) {
        try {
          await member.asked.admit?.(action, signal)
        } catch (error) {
          denied.set(member, error)
        }
      }
      if (denied.size > 0) throw new NotAdmitted()
    }
    const addressIds = [...new Set(members.flatMap((member) => member.asked.addressIds))]
    try {
      const result = await cloud.releaseAddresses({ addressIds }, { admit })
      for (const member of members) member.resolve(result)
    } catch (error) {
      if (!(error instanceof NotAdmitted)) throw error
      for (const [member, why] of denied) member.reject(why)
      const rest = members.filter((member) => !denied.has(member))
      if (rest.length > 0) await release(rest)
    }
  }

  return ({ addressIds }, options = {}) => {
    const { admit, ...rest } = options
    const alone = addressIds.length === 0 || addressIds.length > most || Object.keys(rest).length > 0
    if (alone) return cloud.releaseAddresses({ addressIds }, options)
    return joined({ addressIds, ...(admit && { admit }) })
  }
}

/** Some of the batch may not be sent any more; nothing was sent. */
class NotAdmitted extends Error {
  override readonly name = 'NotAdmitted'
}
