import { Agent, type Dispatcher, ProxyAgent } from 'undici'
import type { ClusterAccess, TlsMaterial } from '../access/cluster-access.ts'

/** The connections to one API server. */
export interface Connections {
  /** For requests: few connections, shared. */
  requests(tls: TlsMaterial): Dispatcher
  /** For watches: each holds a connection of its own for minutes. */
  watches(tls: TlsMaterial): Dispatcher
  close(): Promise<void>
}

/** Requests in flight at once; more wait for a free connection. An API server throttles clients well before. */
const maxRequestConnections = 32

/**
 * Opens connections as they are needed, and new ones when the TLS material has changed (a renewed client
 * certificate, a rotated CA); the old ones end with the requests and watches on them.
 */
export function createConnections(access: ClusterAccess, timeoutMs: number): Connections {
  let open: { tls: TlsMaterial; requests: Dispatcher; watches: Dispatcher } | undefined
  const current = (tls: TlsMaterial) => {
    if (open?.tls !== tls) {
      open?.requests.close().catch(() => {})
      open?.watches.close().catch(() => {})
      open = {
        tls,
        requests: dispatcher(access, tls, { bodyTimeout: timeoutMs, connections: maxRequestConnections }),
        // No limit between two chunks: a quiet watch is normal, and its reader has a stall timer.
        watches: dispatcher(access, tls, { bodyTimeout: 0 }),
      }
    }
    return open
  }
  const dispatcher = (
    { proxyUrl }: ClusterAccess,
    { ca, cert, key, passphrase, serverName, rejectUnauthorized }: TlsMaterial,
    limits: { bodyTimeout: number; connections?: number },
  ): Dispatcher => {
    const connect = {
      ...{ ca, cert, key, passphrase, servername: serverName, rejectUnauthorized },
      timeout: timeoutMs,
      keepAlive: true,
      // Below the idle time-out of common load balancers (60 s).
      keepAliveInitialDelay: 30_000,
    }
    const defined = Object.fromEntries(Object.entries(connect).filter(([, value]) => value !== undefined))
    // HTTP/1.1: over HTTP/2 all watches would share one connection and one flow-control window, so that a
    // reader that falls behind holds up the others.
    const options = { ...limits, headersTimeout: timeoutMs, allowH2: false }
    return proxyUrl
      ? new ProxyAgent({ ...options, uri: proxyUrl, requestTls: defined })
      : new Agent({ ...options, connect: defined })
  }
  return {
    requests: (tls) => current(tls).requests,
    watches: (tls) => current(tls).watches,
    async close() {
      await Promise.all([open?.requests.destroy(), open?.watches.destroy()])
      open = undefined
    },
  }
}
