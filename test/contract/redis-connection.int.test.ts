import { redisUrlForTests } from '@pod-eip/devstack'
import { producerConnection } from '@pod-eip/queue'
import { expect, test } from 'vitest'
import { startBreakableWire } from '../faults/wire/breakable-wire.ts'
import { until } from './until.ts'

test('a command that nothing answers any more fails, and the next one goes over another connection', async () => {
  const wire = await startBreakableWire(await redisUrlForTests())
  const redis = producerConnection(wire.url, 500)
  redis.on('error', () => {})
  try {
    await redis.connect()
    expect(await redis.ping()).toBe('PONG')
    expect(wire.suffer('stall')).toBe(1)
    await redis.ping().catch(() => {})
    await until('Redis answers again', () =>
      redis.ping().then(
        () => true,
        () => false,
      ),
    )
    expect(wire.heldOnTo()).toBe(0)
  } finally {
    redis.disconnect()
    await wire.close()
  }
})
