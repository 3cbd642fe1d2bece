import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import { afterEach, expect, test } from 'vitest'
import { type EmbeddedValkeyOptions, freePort, startEmbeddedValkey, uniquePrefix } from './index.ts'

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(options: EmbeddedValkeyOptions = {}) {
  const server = await startEmbeddedValkey(options)
  cleanups.push(server.stop)
  return server
}

function connect(url: string, options = {}): Redis {
  const redis = new Redis(url, { maxRetriesPerRequest: null, ...options })
  redis.on('error', () => {})
  cleanups.push(() => redis.disconnect())
  return redis
}

test.each(['wasm', 'any'] as const)('BullMQ makes the round trip (%s)', async (program) => {
  const { url } = await start({ program })
  const prefix = uniquePrefix()
  const queue = new Queue('trip', { connection: connect(url), prefix })
  cleanups.push(() => queue.close())
  const done = new Promise<number[]>((resolve) => {
    const seen: number[] = []
    const handle = async (job: { data: { n: number } }) => {
      seen.push(job.data.n)
      if (seen.length === 3) resolve(seen.sort())
    }
    const worker = new Worker('trip', handle, { connection: connect(url), prefix })
    cleanups.push(() => worker.close())
  })
  await queue.add('job', { n: 1 }, { jobId: 'same' })
  await queue.add('job', { n: 1 }, { jobId: 'same' })
  await queue.add('job', { n: 2 }, { delay: 50 })
  await queue.add('job', { n: 3 })
  expect(await done).toEqual([1, 2, 3])
})

test.each(['wasm', 'any'] as const)('it never evicts and wants its password (%s)', async (program) => {
  const { url } = await start({ program })
  const redis = connect(url)
  expect(await redis.config('GET', 'maxmemory-policy')).toEqual(['maxmemory-policy', 'noeviction'])

  const open = new URL(url)
  open.password = ''
  await expect(connect(open.href).ping()).rejects.toThrow(/NOAUTH/)
})

test.each(['wasm', 'any'] as const)('a taken port is reported in one sentence (%s)', async (program) => {
  const other = createServer()
  const port = await freePort()
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve))
  cleanups.push(() => other.close())
  await expect(start({ program, port })).rejects.toThrow(/cannot listen on port \d+ of 127.0.0.1/)
})

test('it stops when told, and can be told twice', async () => {
  const server = await start()
  await server.stop()
  await server.stop()
  const redis = connect(server.url, { retryStrategy: () => null, maxRetriesPerRequest: 0 })
  await expect(redis.ping()).rejects.toThrow()
})

test('a data folder is made, closed to others, and can be used again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'pod eip valkey-'))
  cleanups.push(() => rm(folder, { recursive: true, force: true }))
  for (const dataDir of [join(folder, 'data'), join(folder, 'data')]) {
    const server = await start({ dataDir })
    expect(await connect(server.url).ping()).toBe('PONG')
    await server.stop()
  }
})
