import { type Clock, type Random, storeError } from '@pod-eip/runtime'
import type pg from 'pg'
import { migrate } from '../migrate/migrate.ts'
import { createPool } from './connect.ts'
import { databaseClock } from './database-clock.ts'
import { createPostgresEventLog, type PostgresEventLog } from './postgres-event-log.ts'

export interface OpenEventLogOptions {
  /** `postgres://` URL. */
  url: string
  /** Made and migrated when it is not there. */
  schema: string
  /** Shown in pg_stat_activity. */
  applicationName: string
  clock: Clock
  random: Random
  logger: { warn(details: object, message: string): void }
}

export interface OpenEventLog {
  log: PostgresEventLog
  /** For what else lives in the schema. */
  pool: pg.Pool
  /** The database's time: what processes on several machines go by. */
  clock: Clock
  /** Lets go of every connection. */
  close(): Promise<void>
}

/**
 * The event log of a service: connected, migrated, on the database's clock.
 *
 * @throws StoreError when Postgres cannot be reached or migrated; the connections are let go of then
 */
export async function openEventLog(options: OpenEventLogOptions): Promise<OpenEventLog> {
  const { url, schema, applicationName, random, logger } = options
  const pool = createPool({
    url,
    applicationName,
    onIdleError: (err) => logger.warn({ err }, 'an idle database connection broke'),
  })
  const closing = new AbortController()
  try {
    await migrateWithPatience(options)
    const clock = await databaseClock(pool, options.clock, closing.signal)
    const log = createPostgresEventLog({ pool, schema, clock, random })
    return {
      log,
      pool,
      clock,
      async close() {
        closing.abort()
        await log.close()
        await pool.end()
      },
    }
  } catch (error) {
    closing.abort()
    await pool.end()
    throw storeError(error, 'Postgres', 'DATABASE_URL', url)
  }
}

/** A migration takes as long as it takes, and waits for others that migrate. */
async function migrateWithPatience({ url, schema, applicationName }: OpenEventLogOptions): Promise<void> {
  const pool = createPool({ url, applicationName, max: 1, answerMs: null })
  try {
    await migrate({ pool, schema })
  } finally {
    await pool.end()
  }
}
