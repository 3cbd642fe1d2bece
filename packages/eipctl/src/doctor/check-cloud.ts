import {
  type AddressQuota,
  CloudError,
  createEipCloudOverVpcApi,
  createPermissionProbe,
  createTencentVpcApi,
  credentialsFromEnv,
  egressActions,
  howToGrant,
  type ProbedPermission,
  probedActions,
  withoutAction,
} from '@pod-eip/cloud'
import { codeNote } from '@pod-eip/domain'
import { systemClock } from '@pod-eip/runtime'
import { type Check, type Environment, type Finding, finding, notSet } from './check.ts'

/** A quota of which so much is used will be met soon. */
const nearlyUsed = 0.9

/** Tencent Cloud: the identity, each permission that it needs, and the account's quotas. */
export function checkCloud(env: Environment): Check {
  return {
    name: 'cloud',
    async run() {
      const missing = notSet(env, 'TENCENTCLOUD_REGION')
      if (missing) return [finding('cloud', 'not checked', `Tencent Cloud: ${missing} and credentials.`)]
      const credential = readCredential(env)
      if (typeof credential === 'string') return [finding('cloud', 'not checked', `${credential}.`)]
      const endpoint = env.POD_EIP_CLOUD_ENDPOINT
      const api = createTencentVpcApi({
        region: env.TENCENTCLOUD_REGION!,
        credential,
        ...(endpoint && { endpoint }),
        requestTimeoutMs: 5_000,
      })
      const keepsEgress = env.POD_EIP_ENABLE_EGRESS === 'true'
      const actions = [...probedActions, ...(keepsEgress ? egressActions : [])]
      const permissions = await createPermissionProbe(api, undefined, actions).probe()
      return [
        identityFinding(env.TENCENTCLOUD_REGION!, permissions),
        ...permissions.map(permissionFinding),
        ...(await quotaFindings(api)),
      ]
    },
  }
}

function readCredential(env: Environment) {
  try {
    return credentialsFromEnv(env, { clock: systemClock })
  } catch (error) {
    return (error as Error).message
  }
}

/** Whether the cloud takes the credentials at all: one answer that is about something else shows it. */
function identityFinding(region: string, permissions: ProbedPermission[]): Finding {
  if (permissions.some((p) => p.state !== 'unknown')) {
    return finding('identity', 'ok', `Tencent Cloud answers in ${region} and knows the identity.`)
  }
  const { code, message, requestId } = permissions[0]!
  const todo = codeNote(code)?.todo ?? 'see whether the VPC API can be reached from here'
  const named = requestId ? ` (${code}, RequestId ${requestId})` : ''
  return finding('identity', 'fail', `${oneLine(message)}${named}; ${todo}.`)
}

function permissionFinding({ action, camAction, state, message, requestId }: ProbedPermission): Finding {
  const check = `permission ${camAction}`
  switch (state) {
    case 'granted':
      return finding(check, 'ok', 'Nothing forbids it.')
    case 'missing': {
      const { weight, fails } = withoutAction[action]
      return finding(
        check,
        weight === 'needed' ? 'fail' : 'warn',
        `The identity may not ${camAction} (RequestId ${requestId}), so ${fails}; ${howToGrant(action)}.`,
      )
    }
    case 'unknown':
      return finding(
        check,
        'warn',
        `It could not be found out: ${oneLine(message)}; without it ${withoutAction[action].fails}.`,
      )
  }
}

async function quotaFindings(api: ReturnType<typeof createTencentVpcApi>): Promise<Finding[]> {
  try {
    return (await createEipCloudOverVpcApi(api).describeAddressQuota()).map(quotaFinding)
  } catch (error) {
    if (!(error instanceof CloudError)) throw error
    return [finding('quota', 'warn', `The quotas could not be read: ${oneLine(error.message)}.`)]
  }
}

const quotaNames: Record<string, string> = {
  TOTAL_EIP_QUOTA: 'EIPs of the account in this region',
  DAILY_EIP_APPLY: 'EIPs that were applied for today',
}

function quotaFinding({ quotaId, current, limit }: AddressQuota): Finding {
  const says = `${quotaNames[quotaId] ?? 'Used'}: ${current} of ${limit}`
  if (limit > 0 && current < limit * nearlyUsed) return finding(`quota ${quotaId}`, 'ok', `${says}.`)
  const what = current >= limit ? 'claims that need a new one wait' : 'it is nearly used up'
  return finding(
    `quota ${quotaId}`,
    'warn',
    `${says}: ${what}; release EIPs that nobody needs, or apply for more.`,
  )
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(/\.$/, '')
}
