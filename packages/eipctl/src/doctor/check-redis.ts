import { infoField, producerConnection, redisFault } from '@pod-eip/queue'
import { readSettings, redisAddress, redisSettings } from '@pod-eip/runtime'
import { type Check, type Environment, finding, notSet } from './check.ts'

/** Redis: reachable, new enough, and one that drops no jobs. */
export function checkRedis(env: Environment): Check {
  return {
    name: 'redis',
    async run() {
      const missing = notSet(env, 'REDIS_URL')
      if (missing) return [finding('redis', 'not checked', `The queue's Redis: ${missing}.`)]
      const redisUrl = redisAddress(readSettings(redisSettings, env))
      const redis = producerConnection(redisUrl)
      let reason: unknown
      redis.on('error', (error) => {
        reason = error
      })
      try {
        await redis.connect()
        const info = await redis.info()
        const fault = redisFault(info)
        if (fault) return [finding('redis', 'fail', `${fault}.`)]
        const version = infoField(info, 'redis_version')
        return [
          finding(
            'redis',
            'ok',
            `Redis ${version} answers at ${new URL(redisUrl).hostname} and keeps every job (noeviction).`,
          ),
        ]
      } catch (error) {
        throw reason ?? error
      } finally {
        redis.disconnect()
      }
    },
  }
}
