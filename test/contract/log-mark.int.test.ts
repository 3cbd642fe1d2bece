import { redisUrlForTests, uniquePrefix } from '@pod-eip/devstack'
import { createRedisLogMark, producerConnection } from '@pod-eip/queue'
import { expect, test } from 'vitest'

test('the mark of the log is kept in Redis, one for each cluster', async () => {
  const redis = producerConnection(await redisUrlForTests())
  await redis.connect()
  try {
    const mark = createRedisLogMark({ redis, prefix: uniquePrefix() })
    expect(await mark.read()).toBeNull()
    await mark.write({ position: 7, hash: 'ab12' })
    expect(await mark.read()).toEqual({ position: 7, hash: 'ab12' })
    expect(await mark.doubt()).toBe('')
    await mark.setDoubt('the cloud has more.')
    expect(await mark.doubt()).toBe('the cloud has more.')
    await mark.setDoubt('')
    expect(await mark.doubt()).toBe('')
    expect(await createRedisLogMark({ redis, prefix: uniquePrefix() }).read()).toBeNull()
  } finally {
    redis.disconnect()
  }
})
