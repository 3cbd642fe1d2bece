import {
  createPool,
  createPostgresEventLog,
  measureOffset,
  type SchemaState,
  schemaState,
} from '@pod-eip/event-log'
import { createPostgresReadModels } from '@pod-eip/read-models'
import { databaseAddress, databaseSettings, readSettings, systemClock, systemRandom } from '@pod-eip/runtime'
import { type Check, type Environment, type Finding, finding, notSet } from './check.ts'

/** An event that was not folded for so long shows a projector that does not work, in ms. */
const slowMs = 10_000
const stuckMs = 60_000
/** As many events behind, however young, is no good state: all that is shown is older than the log. */
const farBehind = 500
/** Clocks that differ by so much: the services go by the database's, the cloud takes signatures up to five minutes off. */
const skewedMs = 2_000
const refusedMs = 300_000

/** Postgres: reachable, its schema, the projector's lag, and its clock. */
export function checkDatabase(env: Environment): Check {
  return {
    name: 'database',
    async run() {
      const missing = notSet(env, 'DATABASE_URL')
      if (missing) return [finding('database', 'not checked', `The event log's Postgres: ${missing}.`)]
      const settings = readSettings(databaseSettings, env)
      const { databaseUrl, databaseSchema } = settings
      const pool = createPool({ url: databaseAddress(settings), applicationName: 'eipctl doctor', max: 2 })
      try {
        const { rows } = await pool.query(`select current_setting('server_version') as version`)
        // Only now that there is a connection: the time that it took to make would count as the clock's.
        const offset = await measureOffset(pool, systemClock)
        const state = await schemaState(pool, databaseSchema)
        return [
          finding(
            'database',
            'ok',
            `Postgres ${rows[0].version} answers at ${new URL(databaseUrl).hostname}.`,
          ),
          clockFinding(offset),
          schemaFinding(databaseSchema, state),
          ...(state.missing.length === 0 ? [await lag(pool, databaseSchema, offset)] : []),
        ]
      } finally {
        void pool.end()
      }
    },
  }
}

function schemaFinding(schema: string, { version, missing, newer }: SchemaState): Finding {
  if (version === null) {
    return finding(
      'schema',
      'fail',
      `Schema ${schema} has no event log; start a service, which makes it, or correct POD_EIP_DATABASE_SCHEMA.`,
    )
  }
  if (missing.length > 0) {
    return finding(
      'schema',
      'fail',
      `Schema ${schema} lacks ${missing.join(', ')}; restart the services of this build, which migrate it.`,
    )
  }
  if (newer.length > 0) {
    return finding(
      'schema',
      'warn',
      `Schema ${schema} was migrated by a newer build (${newer.join(', ')}); use that one.`,
    )
  }
  return finding('schema', 'ok', `Schema ${schema} is up to date: ${version}.`)
}

/** How far the projector is behind the log. */
async function lag(pool: ReturnType<typeof createPool>, schema: string, offset: number): Promise<Finding> {
  const log = createPostgresEventLog({ pool, schema, clock: systemClock, random: systemRandom })
  try {
    const [position, head] = [await createPostgresReadModels(pool, schema).position(), await log.head()]
    const behind = Math.max(0, head - position)
    const [next] = behind === 0 ? [] : await log.read({ after: position, limit: 1 })
    const waited = next ? systemClock.now() + offset - Date.parse(next.recordedAt) : 0
    const says = `The log has ${head} events and the projector has folded ${position}`
    if (waited < slowMs && behind >= farBehind) {
      return finding('projector', 'warn', `${says}, ${behind} behind: look again in a minute.`)
    }
    if (waited < slowMs) return finding('projector', 'ok', `${says}.`)
    const seconds = Math.round(waited / 1000)
    return finding(
      'projector',
      waited < stuckMs ? 'warn' : 'fail',
      `${says}: the next event waits for ${seconds} s; see whether a projector runs, and what it logs.`,
    )
  } finally {
    await log.close()
  }
}

function clockFinding(offset: number): Finding {
  const off = Math.abs(offset)
  const by = `${(off / 1000).toFixed(1)} s`
  if (off < skewedMs)
    return finding(
      'clock',
      'ok',
      `This machine's clock is ${by} off the database's, which the services go by.`,
    )
  return finding(
    'clock',
    off < refusedMs ? 'warn' : 'fail',
    `This machine's clock is ${by} off the database's; let both follow a time server, for Tencent Cloud refuses signatures that are 5 minutes off.`,
  )
}
