import { redisUrlForTests, uniquePrefix } from '@pod-eip/devstack'
import { createRedisRateLimiter, producerConnection } from '@pod-eip/queue'
import { systemClock, systemRandom } from '@pod-eip/runtime'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { startOutageProxy } from './fixtures/outage-proxy.ts'
import { until } from './until.ts'

async function redisMicros(redis: Redis): Promise<number> {
  const [seconds, micros] = await redis.time()
  return Number(seconds) * 1_000_000 + Number(micros)
}

test('two instances together stay below the limit, by the clock of Redis', async () => {
  const url = await redisUrlForTests()
  const prefix = uniquePrefix()
  const connections = [new Redis(url), new Redis(url)]
  const limiters = connections.map((redis) =>
    createRedisRateLimiter({
      redis,
      prefix,
      clock: systemClock,
      random: systemRandom,
      limits: { call: 50, other: 1 },
    }),
  )
  try {
    const clock = connections[0]!
    const before = await redisMicros(clock)
    await limiters[0]!.acquire('other')
    const calls = 40
    await Promise.all(Array.from({ length: calls }, (_, i) => limiters[i % 2]!.acquire('call')))
    const seconds = ((await redisMicros(clock)) - before) / 1_000_000
    // The first call is free; each of the others needs its own fiftieth of a second.
    expect((calls - 1) / seconds).toBeLessThanOrEqual(50)
  } finally {
    for (const redis of connections) redis.disconnect()
  }
})

test('while Redis is away nobody is let through, and it goes on when Redis is back', async () => {
  const proxy = await startOutageProxy(await redisUrlForTests())
  const redis = producerConnection(proxy.url)
  redis.on('error', () => {})
  await redis.connect()
  const limits = { call: 1000 }
  const limiter = createRedisRateLimiter({
    redis,
    prefix: uniquePrefix(),
    clock: systemClock,
    random: systemRandom,
    limits,
  })
  try {
    await limiter.acquire('call')
    await proxy.cut()
    await until('the connection is known to be lost', () => redis.status !== 'ready')
    let through = 0
    const waiting = Array.from({ length: 5 }, () =>
      limiter.acquire('call').then(() => {
        through += 1
      }),
    )
    await expect(redis.ping()).rejects.toThrow()
    expect(through).toBe(0)
    await proxy.restore()
    await Promise.all(waiting)
  } finally {
    redis.disconnect()
    await proxy.cut()
  }
})

test('an aborted caller stops waiting with the reason of its signal', async () => {
  const redis = new Redis(await redisUrlForTests())
  const limits = { call: 0.01 }
  const limiter = createRedisRateLimiter({
    redis,
    prefix: uniquePrefix(),
    clock: systemClock,
    random: systemRandom,
    limits,
  })
  try {
    await limiter.acquire('call')
    const stop = new AbortController()
    const waiting = limiter.acquire('call', stop.signal)
    stop.abort(new Error('shutting down'))
    await expect(waiting).rejects.toThrow('shutting down')
  } finally {
    redis.disconnect()
  }
})

test('a limit of nothing is refused in one sentence', async () => {
  const redis = new Redis(await redisUrlForTests())
  const limits = { call: 0 }
  expect(() =>
    createRedisRateLimiter({ redis, prefix: 'p', clock: systemClock, random: systemRandom, limits }),
  ).toThrow('rate limit of call must be above 0 calls per second, not 0')
  redis.disconnect()
})
