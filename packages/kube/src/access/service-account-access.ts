import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isIPv6 } from 'node:net'
import { join } from 'node:path'
import { type Clock, SettingsError, systemClock } from '@pod-eip/runtime'
import { type ClusterAccess, cachedCredentials, checkedServer } from './cluster-access.ts'

const directory = '/var/run/secrets/kubernetes.io/serviceaccount'

/** The kubelet replaces the token well before it expires; client-go reads it again just as often. */
const rereadAfterMs = 60_000

export interface ServiceAccountOptions {
  env?: NodeJS.ProcessEnv
  /** Where the kubelet mounts token and ca.crt. */
  directory?: string
  clock?: Clock
}

/** Whether this process runs in a Pod with a service account. */
export function hasServiceAccount(options: ServiceAccountOptions = {}): boolean {
  const env = options.env ?? process.env
  return Boolean(env.KUBERNETES_SERVICE_HOST) && existsSync(join(options.directory ?? directory, 'token'))
}

/**
 * Access as the Pod's own service account. Done here rather than by `@kubernetes/client-node`, whose import
 * costs 400 ms and 90 MB in each service for what are two files and two variables.
 * @throws SettingsError when one of the two files is not there
 */
export function serviceAccountAccess(options: ServiceAccountOptions = {}): ClusterAccess {
  const env = options.env ?? process.env
  const from = options.directory ?? directory
  for (const name of ['token', 'ca.crt']) {
    if (existsSync(join(from, name))) continue
    throw new SettingsError(
      `The service account in ${from} has no ${name}: see that the Pod mounts its token (automountServiceAccountToken).`,
    )
  }
  const host = env.KUBERNETES_SERVICE_HOST ?? ''
  const port = env.KUBERNETES_SERVICE_PORT_HTTPS ?? env.KUBERNETES_SERVICE_PORT ?? '443'
  return {
    server: checkedServer(`https://${isIPv6(host) ? `[${host}]` : host}:${port}`),
    ...cachedCredentials(options.clock ?? systemClock, rereadAfterMs, async () => {
      const [token, ca] = await Promise.all(
        ['token', 'ca.crt'].map((name) => readFile(join(from, name), 'utf8')),
      )
      return { headers: { authorization: `Bearer ${token!.trim()}` }, tls: { ca: ca! } }
    }),
  }
}
