import type { JsonObject, RecordedEvent } from '../../event.ts'

export const eventColumns = `position, stream, version, type, schema_version, dedupe_key, occurred_at,
  recorded_at, actor, correlation_id, causation_position, data, hash`

/** A row of `events` as the driver gives it: bigint as text. */
export interface EventRow {
  position: string
  stream: string
  version: string
  type: string
  schema_version: number
  dedupe_key: string | null
  occurred_at: Date
  recorded_at: Date
  actor: string
  correlation_id: string
  causation_position: string | null
  data: JsonObject
  hash: Buffer
}

export function recordedEvent(row: EventRow): RecordedEvent {
  return {
    stream: row.stream,
    type: row.type,
    schemaVersion: row.schema_version,
    ...(row.dedupe_key === null ? {} : { dedupeKey: row.dedupe_key }),
    occurredAt: row.occurred_at.toISOString(),
    actor: row.actor,
    correlationId: row.correlation_id,
    causationPosition: row.causation_position === null ? null : Number(row.causation_position),
    data: row.data,
    position: Number(row.position),
    version: Number(row.version),
    recordedAt: row.recorded_at.toISOString(),
    hash: row.hash.toString('hex'),
  }
}
