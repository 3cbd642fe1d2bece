import { readFileSync } from 'node:fs'
import type { RequestOptions } from 'node:https'
import { delimiter } from 'node:path'
import type { KubeConfig } from '@kubernetes/client-node'
import { type Clock, SettingsError, systemClock } from '@pod-eip/runtime'
import { type ClusterAccess, type Credentials, cachedCredentials, checkedServer } from './cluster-access.ts'

/** Certificate files are read again, and exec plugins asked whether their token still holds, this often. */
const rereadAfterMs = 30_000

export interface KubeConfigOptions {
  /** One path or several joined like $KUBECONFIG: the first that defines a name wins. */
  path: string
  /** Another context than the current one. */
  context?: string
  clock?: Clock
}

/**
 * Access by kubeconfig, with everything that a kubeconfig may ask for: tokens, client certificates, exec
 * plugins, OIDC, a proxy. `@kubernetes/client-node` is imported here and only here, and only when called.
 */
export async function kubeConfigAccess(options: KubeConfigOptions): Promise<ClusterAccess> {
  const first = await loadKubeConfig(options)
  let config = Promise.resolve(first)
  const cluster = first.getCurrentCluster()
  if (cluster === null) {
    const context = first.getCurrentContext()
    throw new SettingsError(
      `KUBECONFIG ${options.path} has no context "${context ?? ''}" with a cluster: choose one with "kubectl config use-context".`,
    )
  }
  if (cluster.proxyUrl?.startsWith('socks')) {
    throw new SettingsError(
      `KUBECONFIG ${options.path} names the SOCKS proxy of cluster "${cluster.name}": only http:// and https:// proxies are supported.`,
    )
  }
  if (cluster.proxyUrl && !/^https?:$/.test(URL.parse(cluster.proxyUrl)?.protocol ?? '')) {
    throw new SettingsError(
      `KUBECONFIG ${options.path} has ${JSON.stringify(cluster.proxyUrl)} for the proxy of cluster "${cluster.name}", which is no URL with http:// or https://.`,
    )
  }
  assertFiles(first, options.path)
  const cached = cachedCredentials(options.clock ?? systemClock, rereadAfterMs, async () =>
    currentCredentials(await config),
  )
  return {
    server: checkedServer(cluster.server),
    ...(cluster.proxyUrl ? { proxyUrl: cluster.proxyUrl } : {}),
    credentials: cached.credentials,
    renew() {
      cached.renew()
      // Loaded anew, it has also forgotten the exec plugins' tokens, which need not carry an expiry. If the
      // file is just being rewritten, what was loaded before still serves.
      const before = config
      config = loadKubeConfig(options).catch(() => before)
    },
  }
}

async function loadKubeConfig({ path, context }: KubeConfigOptions): Promise<KubeConfig> {
  const { KubeConfig } = await import('@kubernetes/client-node')
  const config = new KubeConfig()
  const [first, ...more] = path.split(delimiter).filter((file) => file !== '')
  try {
    config.loadFromFile(first ?? '')
    for (const file of more) {
      const next = new KubeConfig()
      next.loadFromFile(file)
      next.clusters = next.clusters.filter(({ name }) => config.getCluster(name) === null)
      next.users = next.users.filter(({ name }) => config.getUser(name) === null)
      next.contexts = next.contexts.filter(({ name }) => config.getContextObject(name) === null)
      config.mergeConfig(next, Boolean(config.getCurrentContext()))
    }
  } catch (error) {
    throw new SettingsError(`KUBECONFIG ${path} cannot be read: ${whyUnreadable(error)}.`)
  }
  if (context !== undefined) config.setCurrentContext(context)
  const current = config.getContextObject(config.getCurrentContext())
  if (current !== null && config.getCurrentUser() === null) {
    // The library leaves out the CA as well when there is no user.
    const user = current.user || 'anonymous'
    Object.assign(current, { user })
    config.addUser({ name: user })
  }
  for (const cluster of config.clusters) {
    // The library takes this flag as consent to plain HTTP, where there is no TLS to verify.
    if (cluster.server.startsWith('http://')) Object.assign(cluster, { skipTLSVerify: true })
  }
  return config
}

/** What a file system or the reader of YAML says, without the lines of the file, which may be secret. */
function whyUnreadable(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file'
  if (code === 'EISDIR') return 'it is a folder'
  return message.split('\n')[0]!
}

/** @throws SettingsError when a file that the current context names cannot be read */
function assertFiles(config: KubeConfig, path: string): void {
  const cluster = config.getCurrentCluster()
  const user = config.getCurrentUser()
  const files = {
    'certificate-authority': cluster?.caFile,
    'client-certificate': user?.certFile,
    'client-key': user?.keyFile,
  }
  for (const [name, file] of Object.entries(files)) {
    if (!file) continue
    try {
      readFileSync(file)
    } catch (error) {
      throw new SettingsError(`KUBECONFIG ${path} names ${file} as ${name}: ${whyUnreadable(error)}.`)
    }
  }
}

async function currentCredentials(config: KubeConfig): Promise<Credentials> {
  const request: RequestOptions = { headers: {} }
  await config.applyToHTTPSOptions(request)
  const headers = Object.fromEntries(
    Object.entries(request.headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
  )
  if (request.auth) headers.authorization = `Basic ${Buffer.from(request.auth).toString('base64')}`
  return {
    headers,
    tls: {
      ...pem('ca', request.ca),
      ...pem('cert', request.cert),
      ...pem('key', request.key),
      ...(request.passphrase ? { passphrase: request.passphrase } : {}),
      ...(request.servername ? { serverName: request.servername } : {}),
      ...(request.rejectUnauthorized === false ? { rejectUnauthorized: false } : {}),
    },
  }
}

function pem(name: 'ca' | 'cert' | 'key', value: unknown): { [key: string]: string } {
  return value === undefined || value === null ? {} : { [name]: String(value) }
}
