import type { AppendedEvent } from '../../event-log.ts'
import { eventDigest } from '../../hash-chain.ts'
import type { StorableEvent } from '../../storable-event.ts'
import { notificationChannel, type SchemaName } from '../schema-name.ts'
import type { Queryable } from '../transaction.ts'

/** One statement: the events and, when given, a checkpoint with them. Keys must differ within `events`. */
export async function append(
  client: Queryable,
  schema: SchemaName,
  events: StorableEvent[],
  checkpoint?: { name: string; position: number | null; state: string | null },
): Promise<AppendedEvent[]> {
  const column = <T>(pick: (event: StorableEvent) => T) => events.map(pick)
  const values: unknown[] = [
    column((e) => e.stream),
    column((e) => e.type),
    column((e) => e.schemaVersion),
    column((e) => e.dedupeKey),
    column((e) => e.occurredAt),
    column((e) => e.actor),
    column((e) => e.correlationId),
    column((e) => e.causationPosition),
    column((e) => JSON.stringify(e.data)),
    column((e) => e.expectedVersion),
    column(eventDigest),
    notificationChannel(schema),
  ]
  if (checkpoint) values.push(checkpoint.name, checkpoint.position, checkpoint.state)
  const { rows } = await client.query<AppendedRow>(
    checkpoint ? appendWithCheckpointSql(schema) : appendSql(schema),
    values,
  )
  return rows.map((row) => ({
    position: Number(row.event_position),
    version: Number(row.event_version),
    isNew: row.appended,
  }))
}

interface AppendedRow {
  event_position: string
  event_version: string
  appended: boolean
}

const appendSql = (schema: SchemaName) => `
  select event_position, event_version, appended
  from ${schema.quoted}.append($1::text[], $2::text[], $3::integer[], $4::text[], $5::timestamptz[], $6::text[],
    $7::text[], $8::bigint[], $9::jsonb[], $10::bigint[], $11::bytea[], $12)
  order by ordinal`

// An INSERT in a WITH runs after the main query: the fence is taken before the checkpoint's row, as everywhere.
const appendWithCheckpointSql = (schema: SchemaName) => `
  with saved as (
    insert into ${schema.quoted}.checkpoints as c (name, position, state)
    values ($13, coalesce($14::bigint, 0), $15::jsonb)
    on conflict (name) do update set
      position = coalesce($14::bigint, c.position),
      state = coalesce(excluded.state, c.state),
      updated_at = clock_timestamp()
  )
  ${appendSql(schema)}`
