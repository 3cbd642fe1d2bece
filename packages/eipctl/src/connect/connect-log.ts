import { createPool, openEventLog, type PostgresEventLog, schemaState } from '@pod-eip/event-log'
import { createPostgresIntentRuns, type IntentRuns } from '@pod-eip/queue'
import {
  createPostgresProjectionStore,
  createPostgresReadModels,
  type ProjectionStore,
  type ReadModels,
} from '@pod-eip/read-models'
import {
  type Clock,
  databaseAddress,
  databaseSettings,
  readSettings,
  systemClock,
  systemRandom,
} from '@pod-eip/runtime'

/** The log of the cluster, with all that is needed to go on with it as the services do. */
export interface ConnectedLog {
  log: PostgresEventLog
  readModels: ReadModels
  store: ProjectionStore
  runs: IntentRuns
  /** The database's. */
  clock: Clock
  close(): Promise<void>
}

/**
 * The log at DATABASE_URL; `null` when there is none in that database and schema, or an empty one. Nothing is made
 * then, unless a new one is wanted.
 */
export async function connectLog(
  env: Readonly<Record<string, string | undefined>>,
  { makeNew = false } = {},
): Promise<ConnectedLog | null> {
  const settings = readSettings(databaseSettings, env)
  const { databaseSchema: schema } = settings
  const url = databaseAddress(settings)
  const pool = createPool({ url, applicationName: 'eipctl', max: 1 })
  try {
    if (!makeNew && (await schemaState(pool, schema)).version === null) return null
  } finally {
    await pool.end()
  }
  const opened = await openEventLog({
    ...{ url, schema, applicationName: 'eipctl', clock: systemClock, random: systemRandom },
    logger: { warn() {} },
  })
  const { log, clock } = opened
  if (!makeNew && (await log.head()) === 0) {
    await opened.close()
    return null
  }
  return {
    ...{ log, clock },
    readModels: createPostgresReadModels(opened.pool, schema),
    store: createPostgresProjectionStore(log, opened.pool, schema),
    runs: createPostgresIntentRuns({ pool: opened.pool, schema, log }),
    close: opened.close,
  }
}
