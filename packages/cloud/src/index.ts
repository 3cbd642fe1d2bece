export { CloudError, type CloudErrorClass, noAnswer, notSent } from './cloud-error.ts'
export {
  type Credential,
  type CredentialSource,
  fixedCredential,
} from './credentials/credential-source.ts'
export { type CredentialOptions, credentialsFromEnv } from './credentials/credentials-from-env.ts'
export type * from './eip-cloud.ts'
export { joinedCloud } from './joined-calls/joined-cloud.ts'
export { camActions, howToGrant, presetPolicy } from './permissions/cam-actions.ts'
export {
  createPermissionProbe,
  egressActions,
  type PermissionProbe,
  type ProbedPermission,
  probedActions,
} from './permissions/permission-probe.ts'
export { type Loss, withoutAction } from './permissions/without.ts'
export { createInMemoryRateLimiter } from './rate-limits/in-memory-rate-limiter.ts'
export { rateLimitedCloud } from './rate-limits/rate-limited-cloud.ts'
export {
  defaultRateLimits,
  documentedRateLimits,
  type RateLimiter,
  type RateLimits,
  shareOfRateLimits,
} from './rate-limits/rate-limiter.ts'
export { type ClassifiedCode, classifyErrorCode } from './tencent/classify-error.ts'
export {
  createTencentVpcApi,
  type TencentVpcApiOptions,
} from './tencent/create-tencent-vpc-api.ts'
export type { CallVpcApi, CloudAction } from './vpc-api/call-vpc-api.ts'
export { createEipCloudOverVpcApi } from './vpc-api/create-eip-cloud.ts'
