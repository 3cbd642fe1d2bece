import type { Clock } from '@pod-eip/runtime'
import { type CredentialSource, fixedCredential } from './credential-source.ts'
import { cvmRoleCredential } from './cvm-role-credential.ts'
import { oidcCredential } from './oidc-credential.ts'

export interface CredentialOptions {
  clock: Clock
  /** URL of the STS API, for private regions. */
  stsEndpoint?: string
  /** URL of the instance metadata service. */
  metadataEndpoint?: string
}

const keyVariables = ['TENCENTCLOUD_SECRET_ID', 'TENCENTCLOUD_SECRET_KEY'] as const
const oidcVariables = [
  'TKE_REGION',
  'TKE_PROVIDER_ID',
  'TKE_WEB_IDENTITY_TOKEN_FILE',
  'TKE_ROLE_ARN',
] as const

/**
 * As whom to call the cloud: the keys in TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY (and
 * TENCENTCLOUD_SESSION_TOKEN), else the Pod's own OIDC identity in TKE_*. The role of the node only with
 * TENCENTCLOUD_CREDENTIAL=cvm-role: unlike the SDK's own order, in which a node's role, if it has one,
 * silently wins over the Pod's.
 *
 * @throws Error with one sentence that says which variables to set.
 */
export function credentialsFromEnv(
  env: Readonly<Record<string, string | undefined>>,
  options: CredentialOptions,
): CredentialSource {
  const asked = env.TENCENTCLOUD_CREDENTIAL
  if (asked === 'cvm-role') return cvmRoleCredential(options)
  if (asked) throw new Error(`TENCENTCLOUD_CREDENTIAL is "${asked}": set it to cvm-role, or unset it`)

  const missingKeys = keyVariables.filter((name) => !env[name])
  if (missingKeys.length === 0) {
    return fixedCredential(
      {
        secretId: env.TENCENTCLOUD_SECRET_ID!,
        secretKey: env.TENCENTCLOUD_SECRET_KEY!,
        ...(env.TENCENTCLOUD_SESSION_TOKEN ? { token: env.TENCENTCLOUD_SESSION_TOKEN } : {}),
      },
      'environment',
    )
  }
  if (missingKeys.length < keyVariables.length) {
    throw new Error(`No credential for Tencent Cloud: ${missingKeys[0]} is not set; set it as well`)
  }

  const missingOidc = oidcVariables.filter((name) => !env[name])
  if (missingOidc.length === 0) {
    return oidcCredential(
      {
        region: env.TKE_REGION!,
        providerId: env.TKE_PROVIDER_ID!,
        tokenFile: env.TKE_WEB_IDENTITY_TOKEN_FILE!,
        roleArn: env.TKE_ROLE_ARN!,
      },
      options,
    )
  }
  if (missingOidc.length < oidcVariables.length) {
    throw new Error(
      `No credential for Tencent Cloud: the OIDC identity lacks ${missingOidc.join(', ')}; set what is missing`,
    )
  }
  throw new Error(
    `No credential for Tencent Cloud: set ${keyVariables.join(' and ')}, or ${oidcVariables.join(', ')} (TKE sets these for a service account with a role), or TENCENTCLOUD_CREDENTIAL=cvm-role`,
  )
}
