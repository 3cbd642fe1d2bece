/** A value that JSON can carry. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject

export type JsonObject = { [key: string]: JsonValue }

/** A fact to be appended. */
export interface NewEvent {
  /** What it is about, such as `claim/default/web-0`; versions count within a stream. */
  stream: string
  type: string
  /** Version of the shape of `data`, from 1. */
  schemaVersion: number
  /** Seeing twice records once: an event whose key is in the log already is skipped. */
  dedupeKey?: string
  /** ISO 8601: when it was seen or decided; kept to the millisecond. */
  occurredAt: string
  /** Who says so: watcher, projector, worker, `operator:<name>`. */
  actor: string
  /** Ties together everything that followed from one cause. */
  correlationId: string
  /** Position of the event that led to this one. */
  causationPosition: number | null
  data: JsonObject
  /** Version of the stream just before this event (0: no event yet); unset: any. */
  expectedVersion?: number
}

/** A fact in the log. It never changes. */
export interface RecordedEvent extends Omit<NewEvent, 'expectedVersion'> {
  /** Place in the log: gapless, from 1. */
  position: number
  /** Place in its stream: gapless, from 1. */
  version: number
  /** ISO 8601: when it was appended, by the clock of the log. */
  recordedAt: string
  /** Hex SHA-256 over this event and the hash before it; see `verifyLog`. */
  hash: string
}
