import { createPool, migrate } from '@pod-eip/event-log'
import { producerConnection } from '@pod-eip/queue'
import { storeError } from '@pod-eip/runtime'

/**
 * Brings the schema up to date, which also shows that Postgres can be used.
 * @throws one sentence that names the server and what is wrong with it
 */
export async function prepareDatabase(url: string, schema: string): Promise<void> {
  const pool = createPool({ url, applicationName: 'pod-eip start', max: 1 })
  try {
    await migrate({ pool, schema })
  } catch (error) {
    throw storeError(error, 'Postgres', 'DATABASE_URL', url)
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
    throw storeError(reason ?? error, 'Redis', 'REDIS_URL', url)
  } finally {
    redis.disconnect()
  }
}

/** Where a URL points, without who asks. */
export function hostOf(url: string): string {
  return new URL(url).host
}
