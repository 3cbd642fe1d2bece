import type { Queryable, SchemaName } from '@pod-eip/event-log'
import { type CallRecord, LeaseLostError, type RunProgress } from '../intent-runs.ts'

/** Each change holds only while the lease does; a lease that has ended is lost even before another takes it. */
const whileLeased = `intent_id = $1 and lease_owner = $2 and lease_until > clock_timestamp()
  and finished_position is null`

/** @throws LeaseLostError */
export async function renewLease(
  client: Queryable,
  schema: SchemaName,
  intentId: string,
  owner: string,
  ttlMs: number,
): Promise<void> {
  const { rowCount } = await client.query(
    `update ${schema.quoted}.intent_runs set lease_until = clock_timestamp() + $3 * interval '1 millisecond'
     where ${whileLeased}`,
    [intentId, owner, ttlMs],
  )
  if (rowCount === 0) throw new LeaseLostError(intentId, owner)
}

/** What is kept between steps: its SET list and values, from $3 on. */
const recordedColumns = `
  called_at = case when $3 then $4::timestamptz else called_at end,
  token_number = coalesce($5::integer, token_number),
  notes = coalesce($6::jsonb, notes)`

function recordedValues({ calledAt, tokenNumber, notes }: CallRecord): unknown[] {
  return [
    calledAt !== undefined,
    dateOf(calledAt),
    tokenNumber ?? null,
    notes === undefined ? null : JSON.stringify(notes),
  ]
}

/** @throws LeaseLostError */
export async function recordCall(
  client: Queryable,
  schema: SchemaName,
  intentId: string,
  owner: string,
  call: CallRecord,
): Promise<void> {
  const { rowCount } = await client.query(
    `update ${schema.quoted}.intent_runs set ${recordedColumns} where ${whileLeased}`,
    [intentId, owner, ...recordedValues(call)],
  )
  if (rowCount === 0) throw new LeaseLostError(intentId, owner)
}

/** @throws LeaseLostError */
export async function releaseLease(
  client: Queryable,
  schema: SchemaName,
  intentId: string,
  owner: string,
  progress: RunProgress,
): Promise<void> {
  const { rowCount } = await client.query(
    `update ${schema.quoted}.intent_runs set ${recordedColumns},
       not_before = $7::timestamptz,
       last_code = coalesce($8, last_code),
       last_message = coalesce($9, last_message),
       last_request_id = coalesce($10, last_request_id),
       lease_owner = null,
       lease_until = null
     where ${whileLeased}`,
    [
      intentId,
      owner,
      ...recordedValues(progress),
      dateOf(progress.notBefore),
      progress.lastCode ?? null,
      progress.lastMessage ?? null,
      progress.lastRequestId ?? null,
    ],
  )
  if (rowCount === 0) throw new LeaseLostError(intentId, owner)
}

function dateOf(epochMs: number | null | undefined): Date | null {
  return epochMs == null ? null : new Date(epochMs)
}
