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
  if (typeof value === 'string') return showText(value)
  if (Array.isArray(value)) return `[${value.map(show).join(' ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  if ('kind' in value && 'name' in value && 'uid' in value) return `${value.kind}/${value.name}`
  return `{${Object.entries(value)
    .map(([key, inner]) => `${key}=${show(inner)}`)
    .join(' ')}}`
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The first part of a UUID tells it from the others at hand; `-o json` has all of it. */
function showText(text: string): string {
  if (uuid.test(text)) return text.slice(0, 8)
  return text === '' || /[\s=]/.test(text) ? JSON.stringify(text) : text
}

/** One line of `eipctl events` and `eipctl history`. */
export function eventRow(event: RecordedEvent): string[] {
  const about = event.stream.slice(event.stream.indexOf('/') + 1)
  return [String(event.position), event.occurredAt, event.actor, about, event.type, eventDetails(event)]
}

export const eventHead = ['POSITION', 'SEEN', 'WHO', 'ABOUT', 'EVENT', 'DETAILS']
