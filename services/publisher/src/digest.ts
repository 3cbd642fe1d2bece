import { createHash } from 'node:crypto'
import { canonicalJson } from '@pod-eip/event-log'

/** A short fingerprint of a JSON value, whatever the order of its keys and without absent ones: 24 hex digits. */
export function digest(value: object | null): string {
  const json = canonicalJson(JSON.parse(JSON.stringify(value)))
  return createHash('sha256').update(json).digest('hex').slice(0, 24)
}
