import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createTestDatabase } from '@pod-eip/devstack'
import { createPool, createPostgresEventLog, migrate } from '@pod-eip/event-log'
import { systemClock, systemRandom } from '@pod-eip/runtime'
import type pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { newEvent } from './event-log.contract.ts'

let database: Awaited<ReturnType<typeof createTestDatabase>>
let pool: pg.Pool
let migrationsDir: string

beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool({ url: database.url, applicationName: 'migrate-test', max: 10 })
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})
beforeEach(async () => {
  migrationsDir = await mkdtemp(join(tmpdir(), 'pod-eip-migrations-'))
  await cp(fileURLToPath(new URL('../../migrations', import.meta.url)), migrationsDir, { recursive: true })
})
afterEach(() => rm(migrationsDir, { recursive: true }))

test('many runners at once, for one schema and for several, apply each migration once', async () => {
  const schemas = ['one', 'one', 'one', 'two', 'two', 'three'].map((name) => `${database.schema}_${name}`)
  const applied = await Promise.all(schemas.map((schema) => migrate({ pool, schema, migrationsDir })))
  const runs = (name: string) => applied.filter((names, i) => schemas[i]!.endsWith(name) && names.length > 0)
  expect([runs('one').length, runs('two').length, runs('three').length]).toEqual([1, 1, 1])
  expect(await migrate({ pool, schema: schemas[0]!, migrationsDir })).toEqual([])
})

test('logs of two schemas in one database do not see each other', async () => {
  const logs = ['a', 'b'].map((name) => {
    const schema = `${database.schema}_log_${name}`
    const log = createPostgresEventLog({ pool, schema, clock: systemClock, random: systemRandom })
    return { schema, log }
  })
  for (const { schema } of logs) await migrate({ pool, schema, migrationsDir })
  await logs[0]!.log.append([newEvent(), newEvent()])
  await logs[1]!.log.append([newEvent()])
  expect(await Promise.all(logs.map(({ log }) => log.head()))).toEqual([2, 1])
  // Dropping one takes nothing away that the other needs.
  await pool.query(`drop schema "${logs[0]!.schema}" cascade`)
  await migrate({ pool, schema: `${database.schema}_log_c`, migrationsDir })
  expect((await logs[1]!.log.append([newEvent()])).events[0]!.position).toBe(2)
})

test('a migration that was changed after it was applied is refused in one sentence', async () => {
  const schema = `${database.schema}_changed`
  await migrate({ pool, schema, migrationsDir })
  const file = join(migrationsDir, '0001_event_log.sql')
  const sql = await readFile(file, 'utf8')
  await writeFile(file, sql.replaceAll('\n', '\r\n'))
  expect(await migrate({ pool, schema, migrationsDir })).toEqual([])
  await writeFile(file, `${sql}-- later thought\n`)
  await expect(migrate({ pool, schema, migrationsDir })).rejects.toThrow(
    /^migration 0001_event_log was changed after schema \S+ had it: restore the file and put the change into a new migration$/,
  )
})

test('a migration that fails leaves nothing behind, and is named', async () => {
  const schema = `${database.schema}_broken`
  await writeFile(join(migrationsDir, '9000_broken.sql'), 'create table :schema.half (); select 1 / 0;')
  await expect(migrate({ pool, schema, migrationsDir })).rejects.toThrow(
    /migration 9000_broken failed .* division by zero/,
  )
  const { rows } = await pool.query('select to_regnamespace($1) as found', [schema])
  expect(rows[0].found).toBeNull()
})

test('two migrations of one number, and names that are not numbered, are refused', async () => {
  const schema = `${database.schema}_named`
  await writeFile(join(migrationsDir, '0001_other.sql'), '')
  await expect(migrate({ pool, schema, migrationsDir })).rejects.toThrow(
    /two migrations have the number 0001/,
  )
  await rm(join(migrationsDir, '0001_other.sql'))
  await writeFile(join(migrationsDir, 'more.sql'), '')
  await expect(migrate({ pool, schema, migrationsDir })).rejects.toThrow(/more\.sql must be named like/)
})

test('a schema name that could be anything else is refused', async () => {
  for (const schema of ['a"; drop table x; --', 'Pod', '', 'pg_eip', '1st', 'x'.repeat(49)]) {
    await expect(migrate({ pool, schema, migrationsDir })).rejects.toThrow(/cannot be used: take up to 48/)
  }
})
