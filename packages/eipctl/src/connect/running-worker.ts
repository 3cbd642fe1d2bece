import { producerConnection, workTurnHolder } from '@pod-eip/queue'
import { readSettings, redisAddress, redisSettings } from '@pod-eip/runtime'

/** Whether a worker of the cluster makes calls at this moment; `null` when that cannot be found out. */
export async function workerRuns(
  env: Readonly<Record<string, string | undefined>>,
  cluster: string,
): Promise<boolean | null> {
  if (!env.REDIS_URL) return null
  const redis = producerConnection(redisAddress(readSettings(redisSettings, env)))
  redis.on('error', () => {})
  try {
    await redis.connect()
    return (await workTurnHolder({ redis, prefix: `{pod-eip:${cluster}}` })) !== null
  } catch {
    return null
  } finally {
    redis.disconnect()
  }
}
