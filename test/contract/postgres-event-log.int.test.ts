import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestDatabase, startEmbeddedPostgres } from '@pod-eip/devstack'
import {
  createPool,
  createPostgresEventLog,
  inTransaction,
  migrate,
  StreamMovedError,
  verifyLog,
} from '@pod-eip/event-log'
import { systemClock, systemRandom } from '@pod-eip/runtime'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { newEvent } from './event-log.contract.ts'
import { startOutageProxy } from './fixtures/outage-proxy.ts'
import { until } from './until.ts'

type Log = ReturnType<typeof createPostgresEventLog>

let database: Awaited<ReturnType<typeof createTestDatabase>>
let pool: pg.Pool
let schema: string
let log: Log
let schemas = 0

beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool({ url: database.url, applicationName: 'postgres-event-log-test', max: 20 })
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})
beforeEach(async () => {
  schema = `${database.schema}_${++schemas}`
  await migrate({ pool, schema })
  log = logOn(pool)
})
afterEach(async () => {
  await log.close()
  await pool.query(`drop schema "${schema}" cascade`)
})

function logOn(on: pg.Pool): Log {
  return createPostgresEventLog({ pool: on, schema, clock: systemClock, random: systemRandom, pollMs: 200 })
}

test('recorded events cannot be updated, deleted or truncated', async () => {
  await log.append([newEvent()])
  for (const sql of [`update "${schema}".events set type = 'x'`, `delete from "${schema}".events`]) {
    await expect(pool.query(sql)).rejects.toThrow(/append-only/)
  }
  await expect(pool.query(`truncate "${schema}".events`)).rejects.toThrow(/append-only: TRUNCATE refused/)
  expect(await log.head()).toBe(1)
})

const forgeries: [string, string, object][] = [
  [
    'a changed event',
    `update S.events set data = '{"n": 9}' where position = 2`,
    { position: 2, fault: 'changed' },
  ],
  [
    'a backdated event',
    `update S.events set recorded_at = '2020-01-01' where position = 3`,
    { position: 3, fault: 'changed' },
  ],
  ['a removed event', 'delete from S.events where position = 2', { position: 2, fault: 'missing' }],
  ['a removed end', 'delete from S.events where position = 4', { position: 4, fault: 'missing' }],
]
for (const [name, sql, fault] of forgeries) {
  test(`the hash chain shows ${name}, even where triggers were off`, async () => {
    for (let n = 0; n < 4; n += 1) await log.append([newEvent({ data: { n } })])
    expect(await verifyLog(log)).toHaveProperty('head')
    await pool.query(`alter table "${schema}".events disable trigger user`)
    await pool.query(sql.replace('S.', `"${schema}".`))
    expect(await verifyLog(log)).toEqual(fault)
  })
}

test('what a transaction appends is in the log when it commits, and not when it rolls back', async () => {
  await inTransaction(pool, async (client) => {
    expect(await log.lockHead(client)).toBe(0)
    await log.appendWithin(client, [newEvent()])
    expect(await log.readWithin(client, { after: 0, limit: 10 })).toHaveLength(1)
    expect(await log.head()).toBe(0)
    await log.saveCheckpointWithin(client, { name: 'p', position: 1, state: { a: 1 } })
  })
  expect(await log.checkpoints.load('p')).toEqual({ position: 1, state: { a: 1 } })
  const rolledBack = inTransaction(pool, async (client) => {
    await log.appendWithin(client, [newEvent()])
    await log.saveCheckpointWithin(client, { name: 'p', position: 2 })
    await log.appendWithin(client, [newEvent({ expectedVersion: 9 })])
  })
  await expect(rolledBack).rejects.toThrow(StreamMovedError)
  expect([await log.head(), (await log.checkpoints.load('p')).position]).toEqual([1, 1])
})

test('whoever holds the fence appends next: another append waits and comes after', async () => {
  const order: string[] = []
  let waiting: Promise<unknown> = Promise.resolve()
  await inTransaction(pool, async (client) => {
    await log.lockHead(client)
    waiting = log.append([newEvent({ type: 'Second' })]).then(() => order.push('second'))
    await until('the other append waits for the fence', async () => {
      const { rows } = await pool.query(
        `select count(*)::integer as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
      )
      return rows[0].n > 0
    })
    await log.appendWithin(client, [newEvent({ type: 'First' })])
    order.push('first')
  })
  await waiting
  expect(order).toEqual(['first', 'second'])
  expect((await log.read({ after: 0, limit: 10 })).map((e) => e.type)).toEqual(['First', 'Second'])
})

test('two that lock one checkpoint take turns, and the first time counts too', async () => {
  const counts = await Promise.all(
    Array.from({ length: 5 }, () =>
      inTransaction(pool, async (client) => {
        const { position } = await log.lockCheckpointWithin(client, 'p')
        await log.saveCheckpointWithin(client, { name: 'p', position: position + 1 })
        return position
      }),
    ),
  )
  expect(counts.sort()).toEqual([0, 1, 2, 3, 4])
})

test('an append waits for the disk even where the session does not want to', async () => {
  const client = await pool.connect()
  try {
    await client.query('set synchronous_commit = off')
    await client.query('begin')
    await log.appendWithin(client, [newEvent()])
    const { rows } = await client.query('show synchronous_commit')
    expect(rows[0].synchronous_commit).toBe('on')
    await client.query('commit')
  } finally {
    client.release(true)
  }
})

test('a subscription outlives the loss of every connection to the server', async () => {
  const seen: number[] = []
  const stop = new AbortController()
  const onBatch = (events: { position: number }[]) => {
    seen.push(...events.map((e) => e.position))
  }
  const subscribed = log.subscribe({ after: 0, signal: stop.signal, onBatch })
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  try {
    for (let round = 1; round <= 5; round += 1) {
      await until('an append works', () =>
        log.append([newEvent({ dedupeKey: `round/${round}` })]).then(
          () => true,
          () => false,
        ),
      )
      await until(`event ${round} is seen`, () => seen.includes(round))
      await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and pid <> pg_backend_pid()`,
      )
    }
    expect(seen).toEqual([1, 2, 3, 4, 5])
  } finally {
    stop.abort()
    await subscribed
    await admin.end()
  }
})

test('a subscription outlives an outage of the network', async () => {
  const proxy = await startOutageProxy(database.url)
  const proxied = createPool({ url: proxy.url, applicationName: 'outage' })
  const reader = logOn(proxied)
  const seen: number[] = []
  const stop = new AbortController()
  const onBatch = (events: { position: number }[]) => {
    seen.push(...events.map((e) => e.position))
  }
  const subscribed = reader.subscribe({ after: 0, signal: stop.signal, onBatch })
  try {
    await log.append([newEvent()])
    await until('the first is seen', () => seen.length === 1)
    await proxy.cut()
    await log.append([newEvent(), newEvent()])
    await proxy.restore()
    await until('the others are seen', () => seen.length === 3)
    expect(seen).toEqual([1, 2, 3])
  } finally {
    stop.abort()
    await subscribed
    await reader.close()
    await proxied.end()
    await proxy.cut()
  }
})

test('a subscription outlives a restart of Postgres, and the log is whole after it', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'pod-eip-restart-'))
  let server = await startEmbeddedPostgres({ dataDir })
  const port = Number(new URL(server.url).port)
  const own = createPool({ url: server.url, applicationName: 'restart' })
  await migrate({ pool: own, schema })
  const restarted = logOn(own)
  const seen: number[] = []
  const stop = new AbortController()
  const onBatch = (events: { position: number }[]) => {
    seen.push(...events.map((e) => e.position))
  }
  const subscribed = restarted.subscribe({ after: 0, signal: stop.signal, onBatch })
  try {
    await restarted.append([newEvent()])
    await until('the first is seen', () => seen.length === 1)
    await server.stop()
    server = await startEmbeddedPostgres({ dataDir, port })
    await until('an append works', () =>
      restarted.append([newEvent({ dedupeKey: 'after' })]).then(
        () => true,
        () => false,
      ),
    )
    await until('the second is seen', () => seen.length === 2)
    expect(await verifyLog(restarted)).toHaveProperty('head')
  } finally {
    stop.abort()
    await subscribed
    await restarted.close()
    await own.end()
    await server.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
})

test('a log whose events are missing is not followed further', async () => {
  await log.append([newEvent(), newEvent(), newEvent()])
  await pool.query(`alter table "${schema}".events disable trigger user`)
  await pool.query(`delete from "${schema}".events where position = 2`)
  const subscribed = log.subscribe({ after: 0, signal: new AbortController().signal, onBatch: () => {} })
  await expect(subscribed).rejects.toThrow('event 2 is missing from the log (the next is 3)')
})
