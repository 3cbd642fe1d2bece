import { createTestDatabase } from '@pod-eip/devstack'
import { modelVersion, schemaVersions, upcasters } from '@pod-eip/domain'
import { podObserved } from '@pod-eip/domain/testing'
import { type JsonObject, type NewEvent, openEventLog, verifyLog } from '@pod-eip/event-log'
import {
  createEventReader,
  createPostgresProjectionStore,
  createPostgresReadModels,
  NewerBuildError,
  projectorCheckpoint,
} from '@pod-eip/read-models'
import { silentLogger, systemClock, systemRandom } from '@pod-eip/runtime'
import { afterEach, expect, test } from 'vitest'

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function openLog() {
  const { url, schema, drop } = await createTestDatabase()
  const { log, pool, close } = await openEventLog({
    ...{ url, schema, clock: systemClock, random: systemRandom, logger: silentLogger },
    applicationName: 'test',
  })
  cleanups.push(drop, close)
  const rows = async () => (await pool.query(`select * from ${schema}.events order by position`)).rows
  return { pool, schema, log, rows, readModels: createPostgresReadModels(pool, schema) }
}

const sizes = { maxEvents: 100, maxClaims: 100 }
const context = {
  now: '2026-03-01T00:00:00.000Z',
  nextId: () => '00000000-0000-4000-8000-000000000000',
  settings: { claimExpiredMs: null, cascade: false },
}

function event(type: string, schemaVersion: number, data: object): NewEvent {
  return {
    stream: 'claim/default/web-0',
    type,
    schemaVersion,
    occurredAt: '2026-01-01T00:00:00.000Z',
    actor: 'watcher',
    correlationId: 'uid-1',
    causationPosition: null,
    data: data as JsonObject,
  }
}

const pod = podObserved({ claim: 'default/web-0', podUid: 'uid-1' })

/** A build to come, in whose PodObserved the node is called `node`, as it is here; before it was `nodeName`. */
const tomorrow = createEventReader({ ...schemaVersions, PodObserved: 2 }, [
  ...(upcasters as never[]),
  { type: 'PodObserved', from: 1, upcast: ({ nodeName, ...rest }) => ({ ...rest, node: nodeName ?? null }) },
])

test('an event of an earlier version is projected in the shape of today; its row and hash stay as written', async () => {
  const { pool, schema, log, rows, readModels } = await openLog()
  const { node: _, ...before } = pod
  await log.append([event('PodObserved', 1, { ...before, nodeName: '10.0.0.1' })])
  const written = await rows()

  await createPostgresProjectionStore(log, pool, schema, tomorrow).advance(sizes, context)

  expect((await readModels.claim('default/web-0'))?.pod?.node).toBe('10.0.0.1')
  const after = await rows()
  expect(after[0]).toEqual(written[0])
  expect(after[0].data).toHaveProperty('nodeName')
  expect(await verifyLog(log)).toEqual({ head: after.at(-1).hash.toString('hex') })
})

test.for([
  [
    'of a newer version',
    event('PodObserved', 2, pod),
    'is PodObserved version 2, and this build reads up to version 1',
  ],
  ['of an unknown type', event('EipMelted', 1, {}), 'is of type EipMelted, which this build does not know'],
] as const)(
  'an event %s stops the projection in one sentence and changes nothing',
  async ([, newer, why]) => {
    const { pool, schema, log, readModels } = await openLog()
    const store = createPostgresProjectionStore(log, pool, schema)
    await log.append([event('PodObserved', 1, pod)])
    await store.advance(sizes, context)
    const { appended } = await log.append([
      newer,
      event('PodEnded', 1, { claim: pod.claim, podUid: pod.podUid, reason: 'Deleted' }),
    ])
    const before = {
      head: await log.head(),
      claim: await readModels.claim(pod.claim),
      position: await readModels.position(),
    }
    expect(appended).toBe(2)

    const refused = await store.advance(sizes, context).catch((error: unknown) => error)

    expect(refused).toBeInstanceOf(NewerBuildError)
    expect((refused as Error).message).toBe(
      `Event ${before.head - 1} of the log ${why}: a newer build wrote it, so this one stops and changes nothing; run that build or a later one.`,
    )
    expect({
      head: await log.head(),
      claim: await readModels.claim(pod.claim),
      position: await readModels.position(),
    }).toEqual(before)
  },
)

test('a build that was rolled back leaves read models alone that a newer one wrote', async () => {
  const { pool, schema, log, readModels } = await openLog()
  await log.append([event('PodObserved', 1, pod)])
  await log.checkpoints.save(projectorCheckpoint, 0, { claims: [], nodes: [], model: modelVersion + 1 })

  const advance = createPostgresProjectionStore(log, pool, schema).advance(sizes, context)

  await expect(advance).rejects.toThrow(/^The read models were last written by a newer build/)
  expect(await readModels.position()).toBe(0)
  expect(await log.head()).toBe(1)
})
