import { createTestDatabase } from '@pod-eip/devstack'
import { createMemoryEventLog, createPool, createPostgresEventLog, migrate } from '@pod-eip/event-log'
import { createMemoryIntentRuns, createPostgresIntentRuns } from '@pod-eip/queue'
import { type Clock, systemClock, systemRandom } from '@pod-eip/runtime'
import { afterAll, beforeAll } from 'vitest'
import { intentRunsContract } from './intent-runs.contract.ts'

intentRunsContract('memory', async () => {
  let ahead = 0
  const clock: Clock = { now: () => Date.now() + ahead, sleep: systemClock.sleep }
  const log = createMemoryEventLog({ clock })
  return {
    log,
    runs: createMemoryIntentRuns({ clock, log }),
    endLease: async () => {
      ahead += 3_600_001
    },
    dispose: async () => {},
  }
})

let database: Awaited<ReturnType<typeof createTestDatabase>>
let pool: ReturnType<typeof createPool>
let schemas = 0

beforeAll(async () => {
  database = await createTestDatabase()
  pool = createPool({ url: database.url, applicationName: 'intent-runs-contract' })
})
afterAll(async () => {
  await pool.end()
  await database.drop()
})

intentRunsContract('postgres', async () => {
  const schema = `${database.schema}_${++schemas}`
  await migrate({ pool, schema })
  const log = createPostgresEventLog({ pool, schema, clock: systemClock, random: systemRandom })
  return {
    log,
    runs: createPostgresIntentRuns({ pool, schema, log }),
    endLease: async (intentId) => {
      await pool.query(
        `update "${schema}".intent_runs set lease_until = clock_timestamp() where intent_id = $1`,
        [intentId],
      )
    },
    dispose: async () => {
      await pool.query(`drop schema "${schema}" cascade`)
    },
  }
})
