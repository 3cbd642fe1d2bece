import type { Queryable, SchemaName } from '@pod-eip/event-log'
import { LeaseLostError } from '../intent-runs.ts'

/**
 * Locks the run for its end until the transaction ends. A run that the same owner has finished is let through:
 * it repeats itself because it did not hear the answer.
 *
 * @throws LeaseLostError
 */
export async function lockForFinish(
  client: Queryable,
  schema: SchemaName,
  intentId: string,
  owner: string,
): Promise<void> {
  const { rowCount } = await client.query(
    `select 1 from ${schema.quoted}.intent_runs
     where intent_id = $1 and lease_owner = $2
       and (finished_position is not null or lease_until > clock_timestamp())
     for update`,
    [intentId, owner],
  )
  if (rowCount === 0) throw new LeaseLostError(intentId, owner)
}

/** Marks a locked run; the owner stays, to know its repetition by. */
export async function markFinished(
  client: Queryable,
  schema: SchemaName,
  intentId: string,
  position: number,
): Promise<void> {
  await client.query(
    `update ${schema.quoted}.intent_runs
     set finished_position = coalesce(finished_position, $2), lease_until = null
     where intent_id = $1`,
    [intentId, position],
  )
}
