import type { JsonObject, RecordedEvent } from './event.ts'

/** Brings the data of one event type from one schema version to the next. Pure. */
export interface Upcaster {
  type: string
  /** The version it reads; it writes the next. */
  from: number
  upcast(data: JsonObject): JsonObject
}

/** An event in the newest shape that the upcasters lead to; what is recorded, and its hash, stay as written. */
export type Upcast = (event: RecordedEvent) => RecordedEvent

/**
 * Chains upcasters by type and version.
 *
 * @throws one sentence when two upcasters read the same version of a type
 */
export function createUpcast(upcasters: Upcaster[]): Upcast {
  const registry = new Map<string, Upcaster>()
  for (const upcaster of upcasters) {
    const key = keyOf(upcaster.type, upcaster.from)
    if (registry.has(key)) throw new Error(`two upcasters read ${upcaster.type} version ${upcaster.from}`)
    registry.set(key, upcaster)
  }
  return (event) => {
    let current = event
    for (;;) {
      const upcaster = registry.get(keyOf(current.type, current.schemaVersion))
      if (!upcaster) return current
      const data = upcaster.upcast(current.data)
      current = { ...current, data, schemaVersion: current.schemaVersion + 1 }
    }
  }
}

function keyOf(type: string, version: number): string {
  return `${type}@${version}`
}
