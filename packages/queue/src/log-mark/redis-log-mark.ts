import type { Redis } from 'ioredis'
import type { LogMark } from './log-mark.ts'

/**
 * The mark as a key of Redis.
 * @param redis the caller's connection; one that fails fast serves best
 * @param prefix `{pod-eip:<cluster id>}`
 */
export function createRedisLogMark({ redis, prefix }: { redis: Redis; prefix: string }): LogMark {
  const key = `${prefix}:log`
  const doubtKey = `${prefix}:log-doubt`
  return {
    async read() {
      const [position, hash] = (await redis.get(key))?.split(' ') ?? []
      return position === undefined || hash === undefined ? null : { position: Number(position), hash }
    },
    async write({ position, hash }) {
      await redis.set(key, `${position} ${hash}`)
    },
    doubt: async () => (await redis.get(doubtKey)) ?? '',
    async setDoubt(sentence) {
      if (sentence === '') await redis.del(doubtKey)
      else await redis.set(doubtKey, sentence)
    },
  }
}
