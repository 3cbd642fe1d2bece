import type { Checkpoint, CheckpointChange } from '../../event-log.ts'
import type { SchemaName } from '../schema-name.ts'
import type { Queryable } from '../transaction.ts'

/** With `lock`, nobody else saves or locks it until the transaction ends; its row is made when missing. */
export async function loadCheckpoint(
  client: Queryable,
  schema: SchemaName,
  name: string,
  lock: boolean,
): Promise<Checkpoint> {
  const table = `${schema.quoted}.checkpoints`
  if (lock) {
    await client.query(`insert into ${table} (name) values ($1) on conflict (name) do nothing`, [name])
  }
  const { rows } = await client.query(
    `select position, state from ${table} where name = $1 ${lock ? 'for update' : ''}`,
    [name],
  )
  const row = rows[0]
  if (!row) return { position: 0 }
  const position = Number(row.position)
  return row.state === null ? { position } : { position, state: row.state }
}

/** Changes what is given and leaves the rest. */
export async function saveCheckpoint(
  client: Queryable,
  schema: SchemaName,
  change: CheckpointChange,
): Promise<void> {
  await client.query(
    `insert into ${schema.quoted}.checkpoints as c (name, position, state)
     values ($1, coalesce($2::bigint, 0), $3::jsonb)
     on conflict (name) do update set
       position = coalesce($2::bigint, c.position),
       state = coalesce(excluded.state, c.state),
       updated_at = clock_timestamp()`,
    [change.name, change.position ?? null, change.state === undefined ? null : JSON.stringify(change.state)],
  )
}
