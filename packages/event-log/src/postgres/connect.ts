import pg from 'pg'

export interface ConnectOptions {
  /** `postgres://` URL. */
  url: string
  /** Shown in pg_stat_activity. */
  applicationName: string
  /** Connections at most; each subscribing log keeps one of them. Default 10. */
  max?: number
  /** A query without an answer for so long has failed, and its connection is given up; `null` waits for ever. Default 30 s. */
  answerMs?: number | null
  /** Told of connections that broke while idle; the pool replaces them by itself. */
  onIdleError?(error: Error): void
}

/** A connection that cannot be made in this time is given up, so that callers can say so and try again. */
const connectTimeoutMs = 10_000
/** Far above what any query takes. A network that drops packets without a word would be waited for without an end. */
const defaultAnswerMs = 30_000
/** When the system asks whether the other end of a silent connection is still there, in ms; its own default is two hours. */
const keepAliveMs = 30_000

/** A pool of connections. End it with `pool.end()`. */
export function createPool(options: ConnectOptions): pg.Pool {
  const { answerMs = defaultAnswerMs } = options
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.max ?? 10,
    connectionTimeoutMillis: connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: keepAliveMs,
    ...(answerMs !== null && { query_timeout: answerMs }),
  })
  // Without a listener, a server that restarts would end the process.
  pool.on('error', (error) => options.onIdleError?.(error))
  // Nor may a connection that is cut between being lent and being used: its next query says so.
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}
