import {
  createEipCloudOverVpcApi,
  createInMemoryRateLimiter,
  createTencentVpcApi,
  credentialsFromEnv,
  defaultRateLimits,
  type EipCloud,
  joinedCloud,
  rateLimitedCloud,
  shareOfRateLimits,
} from '@pod-eip/cloud'
import { type Clock, SettingsError, systemClock } from '@pod-eip/runtime'

/**
 * Tencent Cloud as the environment names it, in few calls and within the limits on calls per second. Workers that
 * run at the same time count theirs for themselves: what is throttled is tried again.
 *
 * @throws SettingsError
 */
export function connectCloud(env: Readonly<Record<string, string | undefined>>, clock: Clock): EipCloud {
  const region = env.TENCENTCLOUD_REGION
  if (!region) {
    throw new SettingsError(
      'TENCENTCLOUD_REGION is not set: name the region of the cluster, with the credentials of its workers or others that may do the same.',
    )
  }
  const percent = env.POD_EIP_CLOUD_RATE_PERCENT ?? '100'
  if (!/^([1-9]\d?|100)$/.test(percent)) {
    throw new SettingsError('POD_EIP_CLOUD_RATE_PERCENT is not a whole number from 1 to 100.')
  }
  const endpoint = env.POD_EIP_CLOUD_ENDPOINT
  const api = createTencentVpcApi({ region, credential: credential(env), ...(endpoint && { endpoint }) })
  const limiter = createInMemoryRateLimiter(clock, shareOfRateLimits(defaultRateLimits, Number(percent)))
  return joinedCloud(rateLimitedCloud(createEipCloudOverVpcApi(api), limiter), { clock })
}

function credential(env: Readonly<Record<string, string | undefined>>) {
  try {
    return credentialsFromEnv(env, { clock: systemClock })
  } catch (error) {
    throw new SettingsError((error as Error).message)
  }
}
