import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { askOnDemand } from './on-demand.ts'

/**
 * Stores for integration tests. `DATABASE_URL` and `REDIS_URL` are used when set; else the run's own
 * servers, started when the first test asks (see `test-stores-setup.ts`).
 */

/** Names the variable through which a test run tells its workers whom to ask for stores. */
export const testStoresVariable = 'POD_EIP_TEST_STORES'

/** A database that one test file has to itself. */
export interface TestDatabase {
  /** Connection URL. */
  url: string
  /** The schema to use in it; not made yet. */
  schema: string
  /** Removes it, with every connection to it. */
  drop(): Promise<void>
}

/** URL of a Postgres for tests. @throws outside a vitest run when DATABASE_URL is unset */
export function postgresUrlForTests(): Promise<string> {
  return storeUrl('DATABASE_URL', 'postgres')
}

/** URL of a Valkey or Redis for tests. @throws outside a vitest run when REDIS_URL is unset */
export function redisUrlForTests(): Promise<string> {
  return storeUrl('REDIS_URL', 'valkey')
}

/** A prefix for Redis keys that nobody else uses: in braces, so that all of it lies in one cluster slot. */
export function uniquePrefix(): string {
  return `{test-${uniqueName()}}`
}

/**
 * A fresh, empty database, so that advisory locks, notifications and ids of other files cannot be seen.
 * Where the user of `DATABASE_URL` may not create databases, it is a fresh schema name in the given one.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const serverUrl = await postgresUrlForTests()
  const name = `test_${uniqueName()}`
  const ownDatabase = await onServer(serverUrl, (client) =>
    client.query(`create database ${name}`).then(
      () => true,
      (error) => {
        if (error.code === insufficientPrivilege) return false
        throw error
      },
    ),
  )
  if (!ownDatabase) {
    const drop = `drop schema if exists ${name} cascade`
    return {
      url: serverUrl,
      schema: name,
      drop: () => onServer(serverUrl, (c) => c.query(drop)).then(() => {}),
    }
  }
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  const drop = `drop database if exists ${name} with (force)`
  return {
    url: url.href,
    schema: 'pod_eip',
    drop: () => onServer(serverUrl, (client) => client.query(drop)).then(() => {}),
  }
}

const insufficientPrivilege = '42501'

async function onServer<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function storeUrl(
  variable: 'DATABASE_URL' | 'REDIS_URL',
  store: 'postgres' | 'valkey',
): Promise<string> {
  const given = process.env[variable]
  if (given) return given
  const broker = process.env[testStoresVariable]
  if (!broker) throw new Error(`no test stores here: run the test with vitest, or set ${variable}`)
  return askOnDemand(broker, store)
}

function uniqueName(): string {
  return randomBytes(6).toString('hex')
}
