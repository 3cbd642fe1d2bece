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

/**
 * Hangs up when an answer has not come in time. The driver only gives the query up: whoever has the connection next,
 * and does not know, would wait behind it in vain.
 */
class HangingUp extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: the driver's own overloads
  override query(...given: any[]): any {
    const last = given.at(-1)
    const hangUp = (error: unknown) => {
      if (wasUnanswered(error)) this.end().catch(() => {})
    }
    if (typeof last === 'function') {
      const told = (error: unknown, ...answer: unknown[]) => {
        hangUp(error)
        last(error, ...answer)
      }
      return super.query(...(given.slice(0, -1) as [string]), told)
    }
    const answer: unknown = super.query(...(given as [string]))
    if (answer instanceof Promise) answer.catch(hangUp)
    return answer
  }
}

/** The driver has waited for an answer in vain. */
export function wasUnanswered(error: unknown): error is Error {
  return error instanceof Error && error.message === 'Query read timeout'
}

/** A pool of connections. End it with `pool.end()`. */
export function createPool(options: ConnectOptions): pg.Pool {
  const { answerMs = defaultAnswerMs } = options
  const pool = new pg.Pool({
    Client: HangingUp,
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
