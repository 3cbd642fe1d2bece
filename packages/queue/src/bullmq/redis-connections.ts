import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { Redis, type RedisOptions } from 'ioredis'

/** A server that owes an answer for so long is cut off from; a blocked worker is owed one every 10 s at the latest. */
const answerMs = { producer: 10_000, worker: 30_000 }

/** For whoever asks: an answer or an error soon, never a command that waits for a server that is away. */
export function producerConnection(url: string, socketTimeout = answerMs.producer): Redis {
  return connection(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    connectTimeout: 5_000,
    socketTimeout,
    retryStrategy,
  })
}

/** For workers: commands wait until the server is back, as BullMQ demands. */
export function workerConnection(url: string): Redis {
  return connection(url, {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    socketTimeout: answerMs.worker,
    retryStrategy,
  })
}

/** Files that the URL may name, in the words of Postgres' URLs, and what their contents are called here. */
const tlsFiles = { sslrootcert: 'ca', sslcert: 'cert', sslkey: 'key' } as const

type Options = Pick<
  RedisOptions,
  | 'lazyConnect'
  | 'enableOfflineQueue'
  | 'maxRetriesPerRequest'
  | 'connectTimeout'
  | 'socketTimeout'
  | 'retryStrategy'
  | 'tls'
>

/** With TLS where the URL begins with `rediss:`; the files are read for each connection that is made. */
function connection(address: string, options: Options): Redis {
  const url = new URL(address)
  if (url.protocol !== 'rediss:') return new Redis(address, options)
  const named = Object.entries(tlsFiles).flatMap(([parameter, field]) => {
    const file = url.searchParams.get(parameter)
    url.searchParams.delete(parameter)
    return file === null ? [] : [[field, readFileSync(file, 'utf8')]]
  })
  // Servers behind a proxy that goes by the name want to be told it; an address is no name.
  const servername = isIP(url.hostname.replace(/^\[|\]$/g, '')) === 0 ? { servername: url.hostname } : {}
  return new Redis(url.href, { ...options, tls: { ...servername, ...Object.fromEntries(named) } })
}

/** Comes back soon after a short outage, and tries for ever. */
function retryStrategy(times: number): number {
  return Math.min(times * 100, 2_000)
}
