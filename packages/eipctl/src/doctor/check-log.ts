import { createPool, createPostgresEventLog, schemaState } from '@pod-eip/event-log'
import { databaseAddress, databaseSettings, readSettings, systemClock, systemRandom } from '@pod-eip/runtime'
import { logStanding } from '../connect/log-standing.ts'
import { type Check, type Environment, type Finding, finding, notSet } from './check.ts'

/** The event log: whether it is the one that the services left, by the mark of it in Redis. */
export function checkLog(env: Environment): Check {
  return {
    name: 'log',
    async run() {
      // What is missing the checks of Postgres and of Redis say.
      if (notSet(env, 'DATABASE_URL', 'REDIS_URL')) return []
      const settings = readSettings(databaseSettings, env)
      const { databaseSchema: schema } = settings
      const pool = createPool({ url: databaseAddress(settings), applicationName: 'eipctl doctor', max: 2 })
      const log = createPostgresEventLog({ pool, schema, clock: systemClock, random: systemRandom })
      try {
        if ((await schemaState(pool, schema)).version === null) return []
        return [findingOf(await logStanding(env, log))]
      } finally {
        await log.close()
        void pool.end()
      }
    },
  }
}

function findingOf(standing: Awaited<ReturnType<typeof logStanding>>): Finding {
  if (standing === null) {
    return finding(
      'log',
      'not checked',
      'Whether the event log went back: its mark stands in Redis under the id of the cluster; set POD_EIP_CLUSTER_ID, and see that Redis answers.',
    )
  }
  const { wentBack, marked } = standing
  if (wentBack !== '') return finding('log', 'fail', wentBack)
  if (marked === null) {
    return finding(
      'log',
      'not checked',
      'Whether the event log went back: Redis has no mark of it yet; a projector that works makes one.',
    )
  }
  return finding('log', 'ok', `The event log reaches what was last marked of it in Redis, event ${marked}.`)
}
