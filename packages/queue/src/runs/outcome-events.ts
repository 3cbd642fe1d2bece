import type { NewEvent } from '@pod-eip/event-log'

/** Gives the events of an outcome the keys that let an intent end only once. @throws when there is none */
export function outcomeEvents(intentId: string, events: NewEvent[]): NewEvent[] {
  if (events.length === 0) throw new Error(`intent ${intentId} cannot finish without an outcome event`)
  return events.map((event, i) => ({ dedupeKey: `outcome/${intentId}${i === 0 ? '' : `/${i}`}`, ...event }))
}
