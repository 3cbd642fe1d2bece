import type { AppendedEvent, AppendResult } from './event-log.ts'

/** The result for a batch from the result for its distinct events; see `distinctByKey`. */
export function resultForBatch(distinct: AppendedEvent[], places: number[]): AppendResult {
  const seen = new Set<number>()
  const events = places.map((place) => {
    const event = distinct[place]!
    const repeated = seen.has(place)
    seen.add(place)
    return repeated ? { ...event, isNew: false } : { ...event }
  })
  return { events, appended: events.filter((e) => e.isNew).length }
}
