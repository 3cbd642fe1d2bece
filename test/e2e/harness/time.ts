import type { ChildProcess } from 'node:child_process'
import { createPool } from '@pod-eip/event-log'
import { type Clock, systemClock } from '@pod-eip/runtime'

/**
 * The time of a whole installation but its cluster, which a test can move on. Services go by the database's clock
 * and BullMQ by the machine's: both are moved under services that know nothing of it.
 */
export interface TestTime {
  clock: Clock
  /** URL of the database for whoever is to see this time there. */
  databaseUrl: string
  /** Module, from the root of the repository, that gives a process this time. */
  preload: string
  /** What it finds in the environment. */
  env(): Record<string, string>
  /** A process with that module, whose time is to be moved as well. */
  govern(child: ChildProcess): void
  /** Lets so much time pass at once. */
  leap(ms: number): Promise<void>
  close(): Promise<void>
}

export async function createTestTime(database: { url: string; schema: string }): Promise<TestTime> {
  const pool = createPool({ url: database.url, applicationName: 'time', max: 1 })
  const schema = `${database.schema}_time`
  // What is named in the path before pg_catalog is found before it.
  await pool.query(`
    create schema ${schema};
    create table ${schema}.ahead as select interval '0' as ahead;
    create function ${schema}.clock_timestamp() returns timestamptz language sql volatile as
      'select pg_catalog.clock_timestamp() + ahead from ${schema}.ahead'`)
  const databaseUrl = new URL(database.url)
  databaseUrl.searchParams.set('options', `-c search_path=${schema},pg_catalog,public`)
  const children = new Set<ChildProcess>()
  let aheadMs = 0

  /** Resolves when the process has the new time, or has ended. */
  const tell = (child: ChildProcess) =>
    new Promise<void>((resolve) => {
      child.once('message', () => resolve())
      child.once('exit', () => resolve())
      child.send({ aheadMs })
    })

  return {
    clock: { now: () => systemClock.now() + aheadMs, sleep: systemClock.sleep },
    databaseUrl: databaseUrl.href,
    preload: 'test/e2e/harness/movable-time.mjs',
    env: () => ({ TEST_TIME_AHEAD_MS: String(aheadMs) }),
    govern(child) {
      children.add(child)
      child.once('exit', () => children.delete(child))
    },
    async leap(ms) {
      aheadMs += ms
      await Promise.all([
        pool.query(`update ${schema}.ahead set ahead = $1 * interval '1 millisecond'`, [aheadMs]),
        ...[...children].map(tell),
      ])
    },
    async close() {
      await pool.query(`drop schema ${schema} cascade`)
      await pool.end()
    },
  }
}
