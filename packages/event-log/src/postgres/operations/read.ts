import type { RecordedEvent } from '../../event.ts'
import { defaultStreamLimit, type ReadQuery, type StreamQuery } from '../../event-log.ts'
import type { SchemaName } from '../schema-name.ts'
import type { Queryable } from '../transaction.ts'
import { type EventRow, eventColumns, recordedEvent } from './event-row.ts'

/** Events in order of position. */
export async function read(
  client: Queryable,
  schema: SchemaName,
  query: ReadQuery,
): Promise<RecordedEvent[]> {
  const { rows } = await client.query<EventRow>(
    `select ${eventColumns} from ${schema.quoted}.events
     where position > $1
       and ($3::text[] is null or stream = any ($3::text[]))
       and ($4::text[] is null or type = any ($4::text[]))
       and ($5::text is null or correlation_id = $5)
     order by position limit $2`,
    [query.after, query.limit, query.streams ?? null, query.types ?? null, query.correlationId ?? null],
  )
  return rows.map(recordedEvent)
}

/** Events of one stream in order of version. */
export async function readStream(
  client: Queryable,
  schema: SchemaName,
  stream: string,
  query: StreamQuery,
): Promise<RecordedEvent[]> {
  const { after, limit = defaultStreamLimit, backwards = false } = query
  const [comparison, order] = backwards ? ['<', 'desc'] : ['>', 'asc']
  const { rows } = await client.query<EventRow>(
    `select ${eventColumns} from ${schema.quoted}.events
     where stream = $1 and ($2::bigint is null or version ${comparison} $2)
     order by version ${order} limit $3`,
    [stream, after ?? null, limit],
  )
  return rows.map(recordedEvent)
}
