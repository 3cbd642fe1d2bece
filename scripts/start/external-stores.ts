import { createPool, migrate } from '@pod-eip/event-log'
import { producerConnection } from '@pod-eip/queue'

/**
 * Brings the schema up to date, which also shows that Postgres can be used.
 * @throws one sentence that names the server and what is wrong with it
 */
export async function prepareDatabase(url: string, schema: string): Promise<void> {
  const pool = createPool({ url, applicationName: 'pod-eip start', max: 1 })
  try {
    await migrate({ pool, schema })
  } catch (error) {
    throw new Error(`DATABASE_URL (${hostOf(url)}) cannot be used: ${whyNot(error)}`)
  } finally {
    await pool.end()
  }
}

/** @throws one sentence that names the server and what is wrong with it */
export async function checkRedis(url: string): Promise<void> {
  const redis = producerConnection(url)
  let reason: unknown
  redis.on('error', (error) => {
    reason = error
  })
  try {
    await redis.connect()
    await redis.ping()
  } catch (error) {
    throw new Error(`REDIS_URL (${hostOf(url)}) cannot be used: ${whyNot(reason ?? error)}`)
  } finally {
    redis.disconnect()
  }
}

/** Where a URL points, without who asks. */
export function hostOf(url: string): string {
  return new URL(url).host
}

/** The reason of a failed connection in words: system errors of several addresses come without a message. */
export function whyNot(error: unknown): string {
  const { code, message, errors } = error as { code?: string; message?: string; errors?: unknown[] }
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there; start it, or correct the URL'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'there is no host of that name; correct the URL'
    case 'ETIMEDOUT':
      return 'it does not answer; check the host, the port and the firewalls between'
    case '28P01':
    case '28000':
      return `${message}; correct the user and the password in the URL`
    case '3D000':
      return `${message}; create it, or correct the URL`
    default:
      return message || (errors?.[0] ? whyNot(errors[0]) : String(error))
  }
}
