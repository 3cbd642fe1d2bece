import type { Plan } from '../shared/actions.ts'
import type { AnyObject } from '../shared/objects.ts'
import { events } from '../shared/resources.ts'
import { parseTimestamp } from '../shared/time.ts'

/** Removes an Event that nothing has touched for `ttlMs`, as the API server does with its lease in etcd. */
export function expireEvent(event: AnyObject, ttlMs: number, now: number): Plan {
  const created = parseTimestamp(event.metadata.creationTimestamp)
  const last = parseTimestamp(event.lastTimestamp as string | null | undefined)
  const due = Math.max(created ?? 0, last ?? 0) + ttlMs
  if (now < due) return { actions: [], again: due }
  return { actions: [{ do: 'delete', resource: events, object: event }] }
}
