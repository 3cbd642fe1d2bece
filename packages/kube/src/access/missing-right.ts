import { KubeError } from '../cluster.ts'

/** What the API server's authorizer says of a request that it refuses. */
const refusal = /cannot (\w+) resource "([^"]+)" in API group "([^"]*)"/

/**
 * The right that this process lacks, such as `patch eipclaims.networking.tke.cloud.tencent.com/status`; `null` when
 * the error is no refusal by the authorizer (an admission's says no such thing).
 */
export function missingRight(error: unknown): string | null {
  if (!(error instanceof KubeError) || error.status !== 403) return null
  const [, verb, resource, group] = refusal.exec(error.message) ?? []
  if (verb === undefined) return null
  const [plural, ...subresource] = resource!.split('/')
  return `${verb} ${[[plural, group].filter(Boolean).join('.'), ...subresource].join('/')}`
}
