import { CloudError } from '../cloud-error.ts'
import type { CallVpcApi, CloudAction } from '../vpc-api/call-vpc-api.ts'
import { camActions } from './cam-actions.ts'

/** What the cloud's answer to a probe says of one permission. */
export interface ProbedPermission {
  action: CloudAction
  /** The action as CAM's policies name it, such as `cvm:AllocateAddresses`. */
  camAction: string
  /** `unknown`: the probe was not answered, or not in a way that says anything about permissions. */
  state: 'granted' | 'missing' | 'unknown'
  /** Code, message and RequestId of the answer; empty when it was no error. */
  code: string
  message: string
  requestId: string
}

/** Finds out what the identity may do. */
export interface PermissionProbe {
  /**
   * Asks once for each action that pod-eip needs. Changes nothing, whatever is allowed; safe to repeat. Never
   * throws: what cannot be found out is `unknown`.
   */
  probe(signal?: AbortSignal): Promise<ProbedPermission[]>
}

/** Stands where the real value has another form and another length: nothing in any account has this name. */
const nobody = 'podeipprobe'

/**
 * One request for each action that is well-formed enough to reach the check of permissions, and that can change
 * nothing where permissions allow it.
 */
const requests: Record<CloudAction, Record<string, unknown>> = {
  // The API has no dry run. Three values that it does not know and a package that is not there, each of them refused
  // by itself: without a charge type, a carrier and a kind there is nothing that could be created. The count stays 1: a great one would be
  // harmless only as long as the others are refused.
  AllocateAddresses: {
    AddressCount: 1,
    InternetChargeType: nobody.toUpperCase(),
    InternetServiceProvider: nobody.toUpperCase(),
    AddressType: nobody.toUpperCase(),
    BandwidthPackageId: `bwp-${nobody}`,
  },
  // Ids of EIPs have eight characters after the dash: one of eleven is no EIP's, today or later, so there is
  // nothing to bind, and nothing on the other side either.
  AssociateAddress: {
    AddressId: `eip-${nobody}`,
    NetworkInterfaceId: `eni-${nobody}`,
    PrivateIpAddress: '192.0.2.1',
  },
  // As above: no EIP, nothing to unbind or to release.
  DisassociateAddress: { AddressId: `eip-${nobody}` },
  ReleaseAddresses: { AddressIds: [`eip-${nobody}`] },
  // Reads change nothing; the smallest page.
  DescribeAddresses: { Limit: 1 },
  DescribeNetworkInterfaces: { Limit: 1 },
  DescribeAddressQuota: {},
  DescribeTaskResult: { TaskId: 1 },
  DescribeRouteTables: { Limit: '1' },
}

/** What every worker needs. */
export const probedActions = (Object.keys(requests) as CloudAction[]).filter(
  (action) => action !== 'DescribeRouteTables',
)
/** What is needed where egress is kept, beside that. */
export const egressActions: readonly CloudAction[] = ['DescribeRouteTables']

/**
 * @param admit awaited before each request: the place for a rate limit
 * @param actions that are asked for
 */
export function createPermissionProbe(
  callVpcApi: CallVpcApi,
  admit: (action: CloudAction, signal?: AbortSignal) => Promise<void> = async () => {},
  actions: readonly CloudAction[] = probedActions,
): PermissionProbe {
  async function probeOne(action: CloudAction, signal?: AbortSignal): Promise<ProbedPermission> {
    const about = { action, camAction: camActions[action] }
    try {
      await admit(action, signal)
      await callVpcApi(action, requests[action], signal)
      return { ...about, state: 'granted', code: '', message: '', requestId: '' }
    } catch (error) {
      if (!(error instanceof CloudError)) {
        return { ...about, state: 'unknown', code: '', message: String(error), requestId: '' }
      }
      const { code, message, requestId } = error
      return { ...about, state: stateOf(error), code, message, requestId }
    }
  }
  // One after the other: a key that is wrong, or a cloud that is away, is not hammered.
  return {
    async probe(signal) {
      const found: ProbedPermission[] = []
      for (const action of actions) found.push(await probeOne(action, signal))
      return found
    },
  }
}

function stateOf(error: CloudError): ProbedPermission['state'] {
  if (error.code.startsWith('UnauthorizedOperation')) return 'missing'
  const says = error.class === 'terminal' || error.class === 'gone' || error.class === 'describe-again'
  const aboutTheRequest = says && !error.code.startsWith('AuthFailure')
  // A quota or an unknown code came from behind the check of permissions as well.
  return aboutTheRequest || error.class === 'back-off' ? 'granted' : 'unknown'
}
