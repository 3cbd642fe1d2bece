import { type Clock, SettingsError } from '@pod-eip/runtime'

/** How to reach an API server, and as whom. */
export interface ClusterAccess {
  /** Base URL, `https://` or `http://`; a path prefix is kept. */
  server: string
  /** An `http://` or `https://` proxy in front of it. */
  proxyUrl?: string
  /** What the next request presents. Called before each one: cheap, except when something is due for renewal. */
  credentials(): Promise<Credentials>
  /** Forgets cached credentials: called after the server has answered 401. */
  renew(): void
}

/** The headers and TLS material of one request. Never logged. */
export interface Credentials {
  headers: Record<string, string>
  /** The same object as long as nothing in it changes: connections are kept exactly as long as it stays. */
  tls: TlsMaterial
}

/** What a TLS connection is made with; PEM throughout. */
export interface TlsMaterial {
  ca?: string
  cert?: string
  key?: string
  passphrase?: string
  /** The name expected in the server's certificate, when it differs from the host of the URL. */
  serverName?: string
  /** False only when the kubeconfig says insecure-skip-tls-verify. */
  rejectUnauthorized?: boolean
}

/** Access with fixed credentials: a bearer token, a client certificate, or none. */
export function staticAccess(options: { server: string; token?: string; tls?: TlsMaterial }): ClusterAccess {
  const headers: Record<string, string> = options.token ? { authorization: `Bearer ${options.token}` } : {}
  const credentials: Credentials = { headers, tls: options.tls ?? {} }
  return {
    server: checkedServer(options.server),
    credentials: async () => credentials,
    renew: () => {},
  }
}

/** Loads credentials at most once per `maxAgeMs`, and keeps the identity of TLS material that has not changed. */
export function cachedCredentials(
  clock: Clock,
  maxAgeMs: number,
  load: () => Promise<Credentials>,
): Pick<ClusterAccess, 'credentials' | 'renew'> {
  let cached: { at: number; credentials: Promise<Credentials> } | undefined
  let tls: TlsMaterial | undefined
  const reload = async () => {
    const fresh = await load()
    if (tls === undefined || JSON.stringify(tls) !== JSON.stringify(fresh.tls)) tls = fresh.tls
    return { headers: fresh.headers, tls }
  }
  return {
    credentials() {
      if (cached === undefined || clock.now() - cached.at >= maxAgeMs) {
        const entry = { at: clock.now(), credentials: reload() }
        // A failure is told to those who wait for it, and the next request tries again.
        entry.credentials.catch(() => {
          if (cached === entry) cached = undefined
        })
        cached = entry
      }
      return cached.credentials
    },
    renew() {
      cached = undefined
    },
  }
}

/** The server's URL without a trailing slash; @throws SettingsError when it is not an http(s) URL */
export function checkedServer(server: string): string {
  const url = URL.parse(server)
  if (url === null || !/^https?:$/.test(url.protocol)) {
    throw new SettingsError(
      `The API server's address "${server}" is not a URL: it has to look like https://10.0.0.1:6443.`,
    )
  }
  return url.href.replace(/\/+$/, '')
}
