import { producerConnection } from '@pod-eip/queue'
import { readSettings, redisAddress, redisSettings } from '@pod-eip/runtime'

/** What a question to the services' Redis is answered with; `null` when it is not set or does not answer. */
export async function inRedis<T>(
  env: Readonly<Record<string, string | undefined>>,
  ask: (redis: ReturnType<typeof producerConnection>) => Promise<T>,
): Promise<T | null> {
  if (!env.REDIS_URL) return null
  const redis = producerConnection(redisAddress(readSettings(redisSettings, env)))
  redis.on('error', () => {})
  try {
    await redis.connect()
    return await ask(redis)
  } catch {
    return null
  } finally {
    redis.disconnect()
  }
}
