import { redisUrlForTests, uniquePrefix } from '@pod-eip/devstack'
import { createMemoryLogMark, createRedisLogMark, type LogMark, producerConnection } from '@pod-eip/queue'
import { describe, expect, test } from 'vitest'

/** What every mark of the log does. */
function logMarkContract(name: string, withMark: (use: (mark: LogMark) => Promise<void>) => Promise<void>) {
  describe(`log mark contract: ${name}`, () => {
    test('it is kept, and the last one counts', () =>
      withMark(async (mark) => {
        expect(await mark.read()).toBeNull()
        await mark.write({ position: 7, hash: 'ab12' })
        await mark.write({ position: 8, hash: 'cd34' })
        expect(await mark.read()).toEqual({ position: 8, hash: 'cd34' })
      }))

    test('what else shows an older log is there for everybody, until it is over', () =>
      withMark(async (mark) => {
        expect(await mark.doubt()).toBe('')
        await mark.setDoubt('the cloud has more.')
        expect(await mark.doubt()).toBe('the cloud has more.')
        await mark.setDoubt('')
        expect(await mark.doubt()).toBe('')
      }))
  })
}

logMarkContract('memory', (use) => use(createMemoryLogMark()))
logMarkContract('redis', (use) =>
  withRedis((redis) => use(createRedisLogMark({ redis, prefix: uniquePrefix() }))),
)

test('each cluster has a mark of its own', () =>
  withRedis(async (redis) => {
    await createRedisLogMark({ redis, prefix: uniquePrefix() }).write({ position: 7, hash: 'ab12' })
    expect(await createRedisLogMark({ redis, prefix: uniquePrefix() }).read()).toBeNull()
  }))

async function withRedis(
  use: (redis: ReturnType<typeof producerConnection>) => Promise<void>,
): Promise<void> {
  const redis = producerConnection(await redisUrlForTests())
  await redis.connect()
  try {
    await use(redis)
  } finally {
    redis.disconnect()
  }
}
