import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { redisUrlForTests, startEmbeddedValkey, uniquePrefix } from '@pod-eip/devstack'
import { createBullMqIntentQueue, createMemoryIntentQueue, producerConnection } from '@pod-eip/queue'
import { systemClock, systemIds, systemRandom } from '@pod-eip/runtime'
import { Redis } from 'ioredis'
import { expect, test } from 'vitest'
import { startOutageProxy } from './fixtures/outage-proxy.ts'
import { intentQueueContract, newJobs } from './intent-queue.contract.ts'
import { until } from './until.ts'

const sources = { clock: systemClock, random: systemRandom, ids: systemIds, logger: { warn: () => {} } }

intentQueueContract('memory', async () => {
  const queue = createMemoryIntentQueue(sources)
  return { queue, empty: async () => queue.empty(), dispose: () => queue.close() }
})

intentQueueContract('memory, in random order', async () => {
  const queue = createMemoryIntentQueue({ ...sources, reorder: true })
  return { queue, empty: async () => queue.empty(), dispose: () => queue.close() }
})

intentQueueContract('bullmq', async () => {
  const url = await redisUrlForTests()
  const prefix = uniquePrefix()
  const queue = await createBullMqIntentQueue({ ...sources, url, prefix })
  const redis = new Redis(url)
  return {
    queue,
    // The server is shared with other files: only this prefix is emptied.
    empty: () => removeKeys(redis, prefix),
    dispose: async () => {
      await queue.close()
      await removeKeys(redis, prefix)
      redis.disconnect()
    },
  }
})

async function removeKeys(redis: Redis, prefix: string): Promise<void> {
  const keys = await redis.keys(`${prefix}:*`)
  if (keys.length > 0) await redis.del(...keys)
}

test('a job whose worker was killed with SIGKILL runs again', async () => {
  const url = await redisUrlForTests()
  const prefix = uniquePrefix()
  const lockMs = 1000
  const queue = await createBullMqIntentQueue({ ...sources, url, prefix, lockMs })
  const script = fileURLToPath(new URL('fixtures/hold-a-job.ts', import.meta.url))
  const worker = spawn(process.execPath, [script, url, prefix, String(lockMs)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = new AbortController()
  try {
    await queue.enqueue(newJobs(1))
    await once(worker.stdout, 'data')
    worker.kill('SIGKILL')
    await once(worker, 'exit')
    expect(await queue.missing(['i:0'])).toEqual([])
    const attempts: number[] = []
    const consuming = queue.consume({
      concurrency: 1,
      signal: stop.signal,
      handler: async ({ attempt }) => {
        attempts.push(attempt)
        return { kind: 'done' }
      },
    })
    await until('it ran again', async () => (await queue.missing(['i:0'])).length === 1)
    expect(attempts).toEqual([2])
    stop.abort()
    await consuming
  } finally {
    worker.kill('SIGKILL')
    stop.abort()
    await queue.close()
  }
})

test('FLUSHALL in the middle of the work changes the run id, and enqueueing again loses nothing', async () => {
  const server = await startEmbeddedValkey({ port: 0 })
  const queue = await createBullMqIntentQueue({ ...sources, url: server.url, prefix: '{flushed}' })
  const redis = producerConnection(server.url)
  await redis.connect()
  const stop = new AbortController()
  const handled = new Set<string>()
  const consuming = queue.consume({
    concurrency: 5,
    signal: stop.signal,
    handler: async ({ intentId }) => {
      handled.add(intentId)
      return { kind: 'done' }
    },
  })
  try {
    const jobs = newJobs(500)
    const before = await queue.runId()
    await queue.enqueue(jobs)
    await until('some are handled', () => handled.size > 20)
    await redis.flushall()
    expect(await queue.runId()).not.toBe(before)
    await until('all are handled', async () => {
      const open = jobs.filter((j) => !handled.has(j.intentId))
      const lost = new Set(await queue.missing(open.map((j) => j.intentId)))
      await queue.enqueue(open.filter((j) => lost.has(j.intentId)))
      return open.length === 0
    })
  } finally {
    stop.abort()
    await consuming
    await queue.close()
    redis.disconnect()
    await server.stop()
  }
})

test('a worker goes on after an outage, and a producer fails meanwhile instead of waiting', async () => {
  const proxy = await startOutageProxy(await redisUrlForTests())
  const queue = await createBullMqIntentQueue({ ...sources, url: proxy.url, prefix: uniquePrefix() })
  const stop = new AbortController()
  const handled = new Set<string>()
  const consuming = queue.consume({
    concurrency: 5,
    signal: stop.signal,
    handler: async ({ intentId }) => {
      handled.add(intentId)
      return { kind: 'done' }
    },
  })
  try {
    await queue.enqueue(newJobs(1))
    await until('it is handled', () => handled.size === 1)
    await proxy.cut()
    await expect(queue.enqueue(newJobs(2))).rejects.toThrow()
    await proxy.restore()
    await until('the queue answers', () =>
      queue.runId().then(
        () => true,
        () => false,
      ),
    )
    await queue.enqueue(newJobs(2))
    await until('both are handled', () => handled.size === 2)
  } finally {
    stop.abort()
    await consuming
    await queue.close()
    await proxy.cut()
  }
})

test('a server that may evict jobs is refused in one sentence', async () => {
  const server = await startEmbeddedValkey({ port: 0 })
  const redis = new Redis(server.url)
  try {
    await redis.config('SET', 'maxmemory-policy', 'allkeys-lru')
    const created = createBullMqIntentQueue({ ...sources, url: server.url, prefix: '{evicting}' })
    await expect(created).rejects.toThrow(/maxmemory-policy allkeys-lru .* set it to noeviction/)
  } finally {
    redis.disconnect()
    await server.stop()
  }
})
