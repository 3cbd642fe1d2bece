import { createHash } from 'node:crypto'
import type { RecordedEvent } from './event.ts'
import type { EventLog } from './event-log.ts'
import { digestText, type StorableEvent } from './storable-event.ts'

/** The hash before the first event. */
export const genesisHash = '00'.repeat(32)

/** SHA-256 over all that an event's author said. */
export function eventDigest(event: Omit<StorableEvent, 'expectedVersion'>): Buffer {
  return createHash('sha256').update(digestText(event)).digest()
}

/** The hash of an event that follows the one with `previous`; the append function in Postgres makes the same. */
export function chainedHash(
  previous: string,
  digest: Buffer,
  place: { position: number; version: number; recordedAt: string },
): string {
  const numbers = Buffer.alloc(24)
  numbers.writeBigInt64BE(BigInt(place.position), 0)
  numbers.writeBigInt64BE(BigInt(place.version), 8)
  numbers.writeBigInt64BE(BigInt(Date.parse(place.recordedAt)), 16)
  return createHash('sha256').update(previous, 'hex').update(digest).update(numbers).digest('hex')
}

export interface LogFault {
  /** The first position that is missing or was changed. */
  position: number
  fault: 'missing' | 'changed'
}

/**
 * Reads the whole log and looks for events that were changed, removed or put in by other means than `append`.
 * Whoever can rewrite every later row and the head as well stays unseen: keep the last hash elsewhere
 * to notice that too.
 *
 * @returns the first fault, or the hash of the newest event
 */
export async function verifyLog(
  log: Pick<EventLog, 'head' | 'read'>,
  pageSize = 1000,
): Promise<{ head: string } | LogFault> {
  let position = 0
  let hash = genesisHash
  const head = await log.head()
  while (position < head) {
    const page = await log.read({ after: position, limit: pageSize })
    if (page.length === 0) return { position: position + 1, fault: 'missing' }
    for (const event of page) {
      if (event.position !== position + 1) return { position: position + 1, fault: 'missing' }
      hash = chainedHash(hash, digestOf(event), event)
      if (hash !== event.hash) return { position: event.position, fault: 'changed' }
      position = event.position
    }
  }
  return { head: hash }
}

function digestOf(event: RecordedEvent): Buffer {
  return eventDigest({ ...event, dedupeKey: event.dedupeKey ?? null })
}
