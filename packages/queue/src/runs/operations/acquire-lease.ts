import type { JsonObject, Queryable, SchemaName } from '@pod-eip/event-log'
import type { IntentRun } from '../intent-runs.ts'

interface RunRow {
  attempts: number
  called_at: Date | null
  token_number: number
  not_before: Date | null
  last_code: string | null
  last_message: string | null
  last_request_id: string | null
  notes: JsonObject
}

/** Takes a lease that nobody holds, by the clock of the database; one statement decides among many. */
export async function acquireLease(
  client: Queryable,
  schema: SchemaName,
  intentId: string,
  owner: string,
  ttlMs: number,
): Promise<IntentRun | 'leased' | 'finished'> {
  const table = `${schema.quoted}.intent_runs`
  const { rows } = await client.query<RunRow>(
    `insert into ${table} as r (intent_id, attempts, lease_owner, lease_until)
     values ($1, 1, $2, clock_timestamp() + $3 * interval '1 millisecond')
     on conflict (intent_id) do update set
       attempts = r.attempts + 1, lease_owner = excluded.lease_owner, lease_until = excluded.lease_until
     where r.finished_position is null and (r.lease_until is null or r.lease_until <= clock_timestamp())
     returning attempts, called_at, token_number, not_before, last_code, last_message, last_request_id, notes`,
    [intentId, owner, ttlMs],
  )
  const row = rows[0]
  if (row) return intentRun(intentId, row)
  const { rows: others } = await client.query<{ finished: boolean }>(
    `select finished_position is not null as finished from ${table} where intent_id = $1`,
    [intentId],
  )
  return others[0]?.finished ? 'finished' : 'leased'
}

function intentRun(intentId: string, row: RunRow): IntentRun {
  return {
    intentId,
    attempts: row.attempts,
    calledAt: row.called_at?.getTime() ?? null,
    tokenNumber: row.token_number,
    notBefore: row.not_before?.getTime() ?? null,
    lastCode: row.last_code,
    lastMessage: row.last_message,
    lastRequestId: row.last_request_id,
    notes: row.notes,
  }
}
