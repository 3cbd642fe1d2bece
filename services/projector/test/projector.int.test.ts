import { createTestDatabase, redisUrlForTests, startEmbeddedValkey, uniquePrefix } from '@pod-eip/devstack'
import { type EventData, type EventType, type NewDomainEvent, newEvent, streamOf } from '@pod-eip/domain'
import { podObserved } from '@pod-eip/domain/testing'
import { createPool, createPostgresEventLog, migrate } from '@pod-eip/event-log'
import { createBullMqIntentQueue, type IntentQueue, producerConnection } from '@pod-eip/queue'
import {
  createMemoryModels,
  createPostgresProjectionStore,
  createPostgresReadModels,
  hashModels,
  replayLog,
} from '@pod-eip/read-models'
import { silentLogger, systemClock, systemIds, systemRandom } from '@pod-eip/runtime'
import { afterEach, expect, test } from 'vitest'
import { createProjector } from '../src/index.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Polls until it is so, for less time than the reconciler lets pass. */
async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  const deadline = systemClock.now() + 30_000
  while (!(await condition())) {
    if (systemClock.now() > deadline) throw new Error(`waited in vain until ${what}`)
    await systemClock.sleep(20)
  }
}

/** A log and read models in Postgres, a queue on BullMQ, and as many projectors as are started. */
async function setStage(redisUrl?: string) {
  const { url, schema, drop } = await createTestDatabase()
  cleanups.push(drop)
  const sources = { clock: systemClock, random: systemRandom, ids: systemIds, logger: silentLogger }
  const prefix = uniquePrefix()
  const redis = redisUrl ?? (await redisUrlForTests())
  const pool = createPool({ url, applicationName: 'test' })
  cleanups.push(() => pool.end())
  await migrate({ pool, schema })
  const log = createPostgresEventLog({ pool, schema, ...sources })
  cleanups.push(() => log.close())
  const readModels = createPostgresReadModels(pool, schema)
  const openQueue = async (): Promise<IntentQueue> => {
    const queue = await createBullMqIntentQueue({ ...sources, url: redis, prefix })
    cleanups.push(() => queue.close())
    return queue
  }
  const queue = await openQueue()
  let version = 0

  /** A process of its own: its own connections. */
  async function startProjector(name: string): Promise<void> {
    const ownPool = createPool({ url, applicationName: name })
    const ownLog = createPostgresEventLog({ pool: ownPool, schema, ...sources })
    const projector = createProjector({
      ...sources,
      waitForMore: (position, signal) => ownLog.waitForMore(position, signal),
      store: createPostgresProjectionStore(ownLog, ownPool, schema),
      readModels: createPostgresReadModels(ownPool, schema),
      queue: await openQueue(),
      settings: { claimExpiredMs: null, cascade: false },
    })
    const stop = new AbortController()
    const running = projector.run(stop.signal)
    cleanups.push(async () => {
      stop.abort()
      await running
      await ownLog.close()
      await ownPool.end()
    })
  }

  async function happen<T extends EventType>(type: T, ...all: EventData[T][]): Promise<void> {
    await log.append(
      all.map((data) => ({
        stream: streamOf(newEvent(type, data) as NewDomainEvent),
        type,
        schemaVersion: 1,
        occurredAt: new Date(systemClock.now()).toISOString(),
        actor: 'watcher',
        correlationId: 'test',
        causationPosition: null,
        data: data as never,
      })),
    )
  }

  return {
    pool,
    log,
    readModels,
    queue,
    redis,
    startProjector,
    pods: (...names: string[]) =>
      happen(
        'PodObserved',
        ...names.map((name) =>
          podObserved({
            claim: `default/${name}`,
            podUid: `uid-${name}`,
            resourceVersion: String(++version),
            // Unlike ones: each gets an allocation, and so a job, of its own.
            request: { attributes: `{"Bandwidth":${(version % 100) + 1}}` },
          }),
        ),
      ),
    ended: (name: string) =>
      happen('PodEnded', { claim: `default/${name}`, podUid: `uid-${name}`, reason: 'Deleted' }),
    /** Handles jobs as a worker that has nothing to do: they come again after `delayMs`. */
    startWorker(seen: string[], delayMs: number): void {
      const stop = new AbortController()
      const consuming = queue.consume({
        concurrency: 2,
        signal: stop.signal,
        handler: async ({ intentId }) => {
          seen.push(intentId)
          return { kind: 'again', delayMs }
        },
      })
      cleanups.push(async () => {
        stop.abort()
        await consuming
      })
    },
    /** Whether everything is folded, and every open intent has its job. */
    async atRest(intents: number): Promise<boolean> {
      const open = await readModels.openIntents()
      if (open.length !== intents || (await readModels.position()) !== (await log.head())) return false
      return (await queue.missing(open.map((intent) => intent.id))).length === 0
    },
  }
}

const names = (count: number, prefix = 'p') => Array.from({ length: count }, (_, i) => `${prefix}-${i}`)

/** I2 and I7, as the log has them. */
async function expectSound(stage: Awaited<ReturnType<typeof setStage>>, claims: number): Promise<void> {
  const decided = await stage.log.read({ after: 0, limit: 10_000, types: ['AllocationDecided'] })
  expect(new Set(decided.map((e) => e.stream)).size).toBe(claims)
  expect(decided).toHaveLength(claims)
  const { world, folded } = await replayLog(stage.log, await stage.readModels.position())
  expect(await hashModels(createMemoryModels(() => folded, world))).toEqual(
    await hashModels(stage.readModels),
  )
}

test('what is decided is put on the queue', async () => {
  const stage = await setStage()
  await stage.startProjector('projector')
  await stage.pods(...names(3))
  await until('each Pod has its allocation on the queue', () => stage.atRest(3))
  const seen: string[] = []
  stage.startWorker(seen, 600_000)
  await until('a worker is given all of them', async () => new Set(seen).size === 3)
  expect(seen.sort()).toEqual((await stage.readModels.openIntents()).map((intent) => intent.id).sort())
  await expectSound(stage, 3)
})

test('after FLUSHALL the reconciler puts back every open intent', async () => {
  const server = await startEmbeddedValkey()
  cleanups.push(() => server.stop())
  const stage = await setStage(server.url)
  await stage.startProjector('projector')
  await stage.pods(...names(20))
  await until('all are on the queue', () => stage.atRest(20))
  const redis = producerConnection(server.url)
  await redis.connect()
  cleanups.push(async () => redis.disconnect())
  await redis.flushall()
  expect(await stage.atRest(20)).toBe(false)
  await until('all are on the queue again', () => stage.atRest(20))
  await stage.pods('late')
  await until('it goes on', () => stage.atRest(21))
})

test('an intent that is called off does not wait out its back-off', async () => {
  const stage = await setStage()
  await stage.startProjector('projector')
  const seen: string[] = []
  stage.startWorker(seen, 600_000)
  await stage.pods('stays', 'ends')
  await until('both were tried and put off', async () => seen.length === 2)
  await until('nothing is under way', async () => (await stage.queue.progress()).active === 0)
  await stage.ended('ends')
  await until('the one that is called off comes again', async () => seen.length > 2)
  const called = await stage.readModels.intent(seen[2]!)
  expect(called).toMatchObject({ claim: 'default/ends', status: 'cancelled' })
  expect(seen).toHaveLength(3)
})

test('two projectors, each believing that it is the only one, decide everything once', async () => {
  const stage = await setStage()
  await Promise.all([stage.startProjector('one'), stage.startProjector('two')])
  for (let round = 0; round < 10; round++) await stage.pods(...names(10, `r${round}`))
  await until('everything is decided', () => stage.atRest(100))
  await expectSound(stage, 100)
})

test('its connections to Postgres are cut again and again: it goes on and misses nothing', async () => {
  const stage = await setStage()
  await stage.startProjector('cut')
  let cut = 0
  for (let round = 0; round < 10; round++) {
    await stage.pods(...names(10, `r${round}`))
    const { rowCount } = await stage.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut'`,
    )
    cut += rowCount ?? 0
  }
  expect(cut).toBeGreaterThan(0)
  await until('everything is decided', () => stage.atRest(100))
  await expectSound(stage, 100)
})
