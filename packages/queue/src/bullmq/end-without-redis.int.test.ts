import { startEmbeddedValkey } from '@pod-eip/devstack'
import { seededIds, seededRandom, systemClock } from '@pod-eip/runtime'
import { expect, test } from 'vitest'
import { createRedisRateLimiter } from '../rate-limiter/redis-rate-limiter.ts'
import { createBullMqIntentQueue } from './bullmq-intent-queue.ts'
import { producerConnection } from './redis-connections.ts'

test('who works on jobs ends when told to, although Redis is gone and a call waits for its turn there', async () => {
  const valkey = await startEmbeddedValkey({})
  const prefix = '{pod-eip:ending}'
  const random = seededRandom(1)
  const common = { prefix, clock: systemClock, random }
  const queue = await createBullMqIntentQueue({
    ...{ ...common, url: valkey.url, ids: seededIds(random), logger: { warn() {} } },
  })
  const redis = producerConnection(valkey.url)
  redis.on('error', () => {})
  await redis.connect()
  const stopping = new AbortController()
  const limiter = createRedisRateLimiter({
    ...common,
    redis,
    limits: { call: 1_000 },
    ending: stopping.signal,
  })
  const begun = Promise.withResolvers<void>()
  const gone = Promise.withResolvers<void>()
  const ended = queue.consume({
    concurrency: 2,
    signal: stopping.signal,
    handler: async () => {
      begun.resolve()
      await gone.promise
      await limiter.acquire('call')
      return { kind: 'done' }
    },
  })
  await queue.enqueue([{ intentId: 'i-1', action: 'allocate', claim: 'ns/a' }])
  await begun.promise
  await valkey.stop()
  gone.resolve()
  stopping.abort()
  await ended
  await queue.close()
  redis.disconnect()
  await expect(limiter.acquire('call')).rejects.toThrow()
})
