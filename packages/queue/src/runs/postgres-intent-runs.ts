import { inTransaction, type PostgresEventLog, schemaName } from '@pod-eip/event-log'
import type pg from 'pg'
import type { IntentRuns } from './intent-runs.ts'
import { acquireLease } from './operations/acquire-lease.ts'
import { recordCall, releaseLease, renewLease } from './operations/change-leased-run.ts'
import { lockForFinish, markFinished } from './operations/finish-run.ts'
import { outcomeEvents } from './outcome-events.ts'

export interface PostgresIntentRunsOptions {
  pool: pg.Pool
  /** The schema of the log. */
  schema: string
  log: Pick<PostgresEventLog, 'appendWithin'>
}

/**
 * Runs in Postgres, beside the log. A run's row is locked before the log's fence: the fence is held only for
 * the append, and whoever holds the fence never waits for a run.
 */
export function createPostgresIntentRuns({ pool, schema, log }: PostgresIntentRunsOptions): IntentRuns {
  const name = schemaName(schema)
  return {
    acquireLease: (intentId, owner, ttlMs) => acquireLease(pool, name, intentId, owner, ttlMs),
    renew: (intentId, owner, ttlMs) => renewLease(pool, name, intentId, owner, ttlMs),
    recordCall: (intentId, owner, call) => recordCall(pool, name, intentId, owner, call),
    async release(intentId, owner, progress) {
      const { events = [] } = progress
      if (events.length === 0) return releaseLease(pool, name, intentId, owner, progress)
      await inTransaction(pool, async (client) => {
        await releaseLease(client, name, intentId, owner, progress)
        await log.appendWithin(client, events)
      })
    },
    finish: (intentId, owner, events) =>
      inTransaction(pool, async (client) => {
        await lockForFinish(client, name, intentId, owner)
        const result = await log.appendWithin(client, outcomeEvents(intentId, events))
        await markFinished(client, name, intentId, result.events[0]!.position)
        return result
      }),
  }
}
