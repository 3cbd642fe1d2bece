import { uniquePrefix } from '@pod-eip/devstack'
import { createBullMqIntentQueue } from '@pod-eip/queue'
import { systemClock, systemIds, systemRandom } from '@pod-eip/runtime'
import { Redis } from 'ioredis'
import { type Measured, perSecond } from './measure.ts'

/** As a worker has it by default. */
const concurrency = 20

/** Intents through BullMQ: put on the queue in one call, and handled by a worker that has nothing to do. */
export async function benchQueue(url: string, count: number): Promise<Measured[]> {
  const sources = { clock: systemClock, random: systemRandom, ids: systemIds, logger: { warn: () => {} } }
  const prefix = uniquePrefix()
  const queue = await createBullMqIntentQueue({ ...sources, url, prefix })
  const jobs = Array.from({ length: count }, (_, i) => ({
    intentId: `i-${i}`,
    action: 'allocate',
    claim: `default/pod-${i}`,
  }))
  const stop = new AbortController()
  try {
    const enqueued = await perSecond('intents put on the queue', count, () => queue.enqueue(jobs))
    const handled = await perSecond('intents handled by one worker', count, async () => {
      let left = count
      await queue.consume({
        concurrency,
        signal: stop.signal,
        handler: async () => {
          left -= 1
          if (left === 0) stop.abort()
          return { kind: 'done' }
        },
      })
    })
    return [enqueued, handled]
  } finally {
    stop.abort()
    await queue.close()
    await removeKeys(url, prefix)
  }
}

async function removeKeys(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url)
  const keys = await redis.keys(`${prefix}:*`)
  if (keys.length > 0) await redis.del(...keys)
  redis.disconnect()
}
