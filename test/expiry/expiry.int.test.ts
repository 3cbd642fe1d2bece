import { createTestDatabase, startEmbeddedValkey, uniquePrefix } from '@pod-eip/devstack'
import {
  describeClaim,
  type EventData,
  type EventType,
  type NewDomainEvent,
  newEvent,
  streamOf,
} from '@pod-eip/domain'
import { podObserved } from '@pod-eip/domain/testing'
import { createPool, createPostgresEventLog, migrate } from '@pod-eip/event-log'
import { createProjector } from '@pod-eip/projector'
import {
  createBullMqIntentQueue,
  createMemoryWorkTurn,
  createPostgresIntentRuns,
  producerConnection,
} from '@pod-eip/queue'
import { createPostgresProjectionStore, createPostgresReadModels } from '@pod-eip/read-models'
import { type Clock, silentLogger, systemClock, systemIds, systemRandom } from '@pod-eip/runtime'
import { createCloudSimulator, createSimulatedEipCloud } from '@pod-eip/simulators/cloud'
import { createWorker } from '@pod-eip/worker'
import { afterEach, expect, test } from 'vitest'
import { until } from '../contract/until.ts'

/** The expiry of kept EIPs, by the services' own code over a real Postgres and Valkey, on a clock that can leap. */

const minute = 60_000
const day = 24 * 60 * minute
const key = 'default/web-0'

const cleanups: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

/** Time that is behind the system's, and catches up in one leap: BullMQ itself goes by the system's. */
function leapingClock(behindMs: number) {
  let leapt = -behindMs
  const clock: Clock = { now: () => systemClock.now() + leapt, sleep: systemClock.sleep }
  return {
    clock,
    leap: () => {
      leapt = 0
    },
  }
}

/** @param behindMs how much time `leap` lets pass at once */
async function setStage(behindMs = 0) {
  const { clock, leap } = leapingClock(behindMs)
  const { url, schema, drop } = await createTestDatabase()
  cleanups.push(drop)
  const redis = await startEmbeddedValkey()
  cleanups.push(() => redis.stop())
  const pool = createPool({ url, applicationName: 'test' })
  cleanups.push(() => pool.end())
  await migrate({ pool, schema })
  const sources = { clock, random: systemRandom, ids: systemIds, logger: silentLogger }
  const log = createPostgresEventLog({ pool, schema, ...sources })
  cleanups.push(() => log.close())
  const readModels = createPostgresReadModels(pool, schema)
  const cloud = createCloudSimulator({ ...sources, config: { regions: ['ap-guangzhou'] } })
  const region = cloud.region()
  const prefix = uniquePrefix()
  let version = 0

  /** A projector and a worker, until they are stopped. */
  async function start(claimExpiredMs: number | null): Promise<() => Promise<void>> {
    const queue = await createBullMqIntentQueue({ ...sources, url: redis.url, prefix })
    const projector = createProjector({
      ...sources,
      waitForMore: (position, signal) => log.waitForMore(position, signal),
      store: createPostgresProjectionStore(log, pool, schema),
      ...{ readModels, queue, settings: { claimExpiredMs, cascade: false } },
    })
    const worker = createWorker({
      ...{ ...sources, queue, log, readModels, owner: 'test', concurrency: 4 },
      runs: createPostgresIntentRuns({ pool, schema, log }),
      cloud: createSimulatedEipCloud(cloud, { clock, region: 'ap-guangzhou' }),
      turn: createMemoryWorkTurn({ clock }),
      settings: { clusterId: 'cls-test', settleMs: 1_000, leaseMs: 20_000, pollMs: 50 },
    })
    const stopping = new AbortController()
    const running = Promise.all([projector.run(stopping.signal), worker.run(stopping.signal)])
    const stop = async () => {
      if (stopping.signal.aborted) return
      stopping.abort()
      await running
      await queue.close()
    }
    cleanups.push(stop)
    return stop
  }

  async function happen<T extends EventType>(type: T, data: EventData[T]): Promise<void> {
    await log.append([
      {
        stream: streamOf(newEvent(type, data) as NewDomainEvent),
        ...{ type, schemaVersion: 1, occurredAt: new Date(clock.now()).toISOString() },
        ...{ actor: 'watcher', correlationId: 'test', causationPosition: null },
        data: data as never,
      },
    ])
  }
  const pod = (podUid: string, claimExpiredDuration?: string) =>
    happen(
      'PodObserved',
      podObserved({
        ...{ claim: key, podUid, resourceVersion: String(++version) },
        request: {
          ...{ attributes: '{}', deletePolicy: 'Never' },
          ...(claimExpiredDuration !== undefined && { claimExpiredDuration }),
        },
        createdAt: new Date(clock.now()).toISOString(),
      }),
    )
  const phase = async () => (await readModels.claim(key))?.phase
  const retained = async () => (await readModels.claim(key))?.retained ?? null
  /** Until when it was kept at first, ISO 8601. */
  const firstEnd = async () => {
    const [decision] = await log.read({ after: 0, limit: 1, types: ['ClaimRetained'] })
    return decision?.data.until as string
  }
  const told = async () => (await log.read({ after: 0, limit: 1_000 })).map(({ type }) => type)

  return {
    ...{ clock, leap, start, pod, phase, retained, firstEnd, told, log, readModels },
    held: () => region.addresses().length,
    /** A claim whose Pod has ended; returns how to stop the services. */
    async keptClaim(claimExpiredMs: number | null, own?: string): Promise<() => Promise<void>> {
      const stop = await start(claimExpiredMs)
      await pod('a', own)
      await until('the EIP is there', async () => (await phase()) === 'Allocated')
      await happen('PodEnded', { claim: key, podUid: 'a', reason: 'Deleted' })
      await until('it is kept', async () => (await told()).includes('ClaimRetained'))
      return stop
    },
    async released(): Promise<void> {
      await until('the EIP is given back', async () => (await phase()) === 'Released')
      expect(region.addresses()).toEqual([])
      const [decision] = await log.read({ after: 0, limit: 10, types: ['ReleaseDecided'] })
      expect(decision?.data.cause).toBe('Expired')
    },
    async emptyRedis(): Promise<void> {
      const connection = producerConnection(redis.url)
      await connection.connect()
      await connection.flushall()
      connection.disconnect()
    },
    /** Whether the alarm for this moment (ISO 8601) is on the queue: set, and not heard yet. */
    async alarmIsSet(end: string): Promise<boolean> {
      const queue = await createBullMqIntentQueue({ ...sources, url: redis.url, prefix })
      const missing = await queue.missing([`expiry/${key}/1/${Date.parse(end)}`])
      await queue.close()
      return missing.length === 0
    },
  }
}

test('an EIP is released when its time is over', async () => {
  const stage = await setStage()
  await stage.keptClaim(2_000)
  const [decision] = await stage.log.read({ after: 0, limit: 1, types: ['ClaimRetained'] })
  expect(Date.parse(await stage.firstEnd()) - Date.parse(decision!.occurredAt)).toBe(2_000)
  await stage.released()
  expect(await stage.told()).toContain('ClaimExpiryDue')
})

test('until when it is kept stands in Postgres, and from there in the status', async () => {
  const stage = await setStage()
  await stage.keptClaim(60 * minute)
  await until('it is projected', async () => (await stage.phase()) === 'Retained')
  const { retainedUntil } = describeClaim((await stage.readModels.claim(key))!).status
  expect(retainedUntil).toBe(await stage.firstEnd())
})

test('the annotation of the Pod wins over the setting, and 0 there keeps the EIP for ever', async () => {
  const stage = await setStage()
  await stage.keptClaim(2_000, '1h')
  await until('it is projected', async () => (await stage.phase()) === 'Retained')
  const { since, until: end } = (await stage.retained())!
  expect(Date.parse(end!) - Date.parse(since)).toBe(60 * minute)

  const other = await setStage()
  await other.keptClaim(2_000, '0')
  expect(await other.firstEnd()).toBeNull()
})

test('a Pod that returns in time keeps its EIP: the alarm rings in vain', async () => {
  const stage = await setStage()
  await stage.keptClaim(10_000)
  const end = await stage.firstEnd()
  await until('the alarm is set', () => stage.alarmIsSet(end))
  await stage.pod('b')
  await until('the Pod has its EIP back', async () => (await stage.phase()) === 'Allocated')
  await until('the alarm has rung', async () => !(await stage.alarmIsSet(end)))
  expect(stage.clock.now()).toBeGreaterThanOrEqual(Date.parse(end))
  expect(await stage.phase()).toBe('Allocated')
  expect(stage.held()).toBe(1)
  expect(await stage.told()).not.toContain('ClaimExpiryDue')
})

test('the end moves with the setting, counted from when the Pod ended', async () => {
  const stage = await setStage()
  const stop = await stage.keptClaim(60 * minute)
  await until('it is projected', async () => (await stage.phase()) === 'Retained')
  const { since } = (await stage.retained())!
  await stop()
  const stopAgain = await stage.start(90 * minute)
  const moved = async () => Date.parse((await stage.retained())?.until ?? since) - Date.parse(since)
  await until('it is kept for longer', async () => (await moved()) === 90 * minute)
  await stopAgain()
  await stage.start(1_000)
  await stage.released()
  expect(await stage.told()).toContain('RetentionRescheduled')
})

test('what came due in an outage is released right after it', async () => {
  const stage = await setStage()
  const stop = await stage.keptClaim(10_000)
  const end = Date.parse(await stage.firstEnd())
  await stop()
  await until('its time is over', () => stage.clock.now() > end)
  expect(stage.held()).toBe(1)
  await stage.start(10_000)
  await stage.released()
})

test('after an outage of a day in which Redis was emptied, what came due is released, and nothing else', async () => {
  const stage = await setStage(day)
  const stop = await stage.keptClaim(60 * minute)
  await stop()
  await stage.emptyRedis()
  stage.leap()
  await stage.start(60 * minute)
  await stage.released()

  const other = await setStage(day)
  const stopOther = await other.keptClaim(2 * 24 * 60 * minute)
  const end = await other.firstEnd()
  await stopOther()
  await other.emptyRedis()
  other.leap()
  await other.start(2 * 24 * 60 * minute)
  await until('the alarm is set again', () => other.alarmIsSet(end))
  expect(await other.retained()).toMatchObject({ until: end, due: false })
})
