import type { RecordedEvent } from '@pod-eip/event-log'

/** Fields that stand in columns of their own, or say nothing to a person. */
const elsewhere = new Set([
  'claim',
  'generation',
  'intentId',
  'bindingId',
  'resourceVersion',
  'createdAt',
  'objectUid',
  'nodeUid',
])

/** What an event says beyond its type, in one line: `addressId=eip-1 node=10.0.0.1`. */
export function eventDetails(event: RecordedEvent): string {
  return Object.entries(event.data as Record<string, unknown>)
    .filter(([key, value]) => !elsewhere.has(key) && value !== null && value !== '' && value !== false)
    .map(([key, value]) => `${key}=${show(value)}`)
    .join(' ')
}

function show(value: unknown): string {
  if (typeof value === 'string') return /[\s"=]/.test(value) ? JSON.stringify(value) : value
  return JSON.stringify(value)
}

/** One line of `eipctl events` and `eipctl history`. */
export function eventRow(event: RecordedEvent): string[] {
  const about = event.stream.slice(event.stream.indexOf('/') + 1)
  return [String(event.position), event.occurredAt, event.actor, about, event.type, eventDetails(event)]
}

export const eventHead = ['POSITION', 'SEEN', 'WHO', 'ABOUT', 'EVENT', 'DETAILS']
