import type { EventType } from './event.ts'

/** Brings the data of one event type from one schema version to the next. Pure. */
export interface EventUpcaster {
  type: EventType
  /** The version that it reads; it writes the next. */
  from: number
  upcast(data: Record<string, unknown>): Record<string, unknown>
}

/**
 * How events of earlier builds are brought to the shape of `schemaVersions`, one step for each version that a type
 * has left behind. Recorded events are never rewritten. Nothing has been released yet: every type is at its first.
 */
export const upcasters: readonly EventUpcaster[] = []
