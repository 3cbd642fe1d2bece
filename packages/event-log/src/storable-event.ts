import { canonicalJson, storableObject, storableText } from './canonical-json.ts'
import { InvalidEventError } from './errors.ts'
import type { JsonObject, NewEvent } from './event.ts'

/** An event checked and brought into the one form that every adapter stores. */
export interface StorableEvent {
  stream: string
  type: string
  schemaVersion: number
  dedupeKey: string | null
  occurredAt: string
  actor: string
  correlationId: string
  causationPosition: number | null
  data: JsonObject
  expectedVersion: number | null
}

/** @throws InvalidEventError with one sentence */
export function storableEvent(event: NewEvent): StorableEvent {
  const invalid = (what: string) =>
    new InvalidEventError(`event ${event.type} of ${event.stream} cannot be recorded: ${what}`)
  const text = (field: 'stream' | 'type' | 'actor' | 'correlationId') => {
    if (typeof event[field] !== 'string' || event[field] === '') throw invalid(`${field} is empty`)
    return storableText(event[field])
  }
  const time = Date.parse(event.occurredAt)
  if (Number.isNaN(time)) throw invalid(`occurredAt ${event.occurredAt} is not an ISO 8601 time`)
  if (!Number.isInteger(event.schemaVersion) || event.schemaVersion < 1) {
    throw invalid(`schemaVersion ${event.schemaVersion} is not a whole number from 1`)
  }
  if (event.dedupeKey === '') throw invalid('dedupeKey is empty: leave it out or make it unique')
  return {
    stream: text('stream'),
    type: text('type'),
    schemaVersion: event.schemaVersion,
    dedupeKey: event.dedupeKey === undefined ? null : storableText(event.dedupeKey),
    occurredAt: new Date(time).toISOString(),
    actor: text('actor'),
    correlationId: text('correlationId'),
    causationPosition: event.causationPosition,
    data: storableObject(event.data, (what) => invalid(`data contains ${what}`)),
    expectedVersion: event.expectedVersion ?? null,
  }
}

/** The text over which an event's digest is made: all that its author said. */
export function digestText(event: Omit<StorableEvent, 'expectedVersion'>): string {
  return canonicalJson([
    event.stream,
    event.type,
    event.schemaVersion,
    event.dedupeKey,
    event.occurredAt,
    event.actor,
    event.correlationId,
    event.causationPosition,
    event.data,
  ])
}

/**
 * Leaves out the events whose key stands earlier in the batch. `places[i]` is where event `i` of the batch is
 * among the distinct ones.
 */
export function distinctByKey(batch: StorableEvent[]): { distinct: StorableEvent[]; places: number[] } {
  const distinct: StorableEvent[] = []
  const placeOfKey = new Map<string, number>()
  const places = batch.map((event) => {
    const known = event.dedupeKey === null ? undefined : placeOfKey.get(event.dedupeKey)
    if (known !== undefined) return known
    const place = distinct.push(event) - 1
    if (event.dedupeKey !== null) placeOfKey.set(event.dedupeKey, place)
    return place
  })
  return { distinct, places }
}
