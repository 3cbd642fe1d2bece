import { schemaVersions } from '@pod-eip/domain'
import type { AppendOptions, JsonObject, MemoryEventLog, NewEvent } from '@pod-eip/event-log'

/** How the build before wrote what an event says: nothing of it is found where it is now. */
export const olderSchema = {
  downcast: (data: JsonObject): JsonObject => ({ before: data }),
  upcast: ({ before }: { before?: unknown }): unknown => before,
}

/** The version in which a type of event is written first in stories; see load-older-schemas.ts. */
const oldest = 1

/** Whether this build has left the shapes of the one before behind. */
export const hasOlderSchemas = Object.values(schemaVersions).every((version) => version > oldest)

/** A log into which the build before writes, for as long as it runs. */
export function writtenInOlderSchemas(log: MemoryEventLog, isOlder: () => boolean): MemoryEventLog {
  const written = (events: NewEvent[]) => (hasOlderSchemas && isOlder() ? events.map(older) : events)
  const appendNow = (events: NewEvent[], options?: AppendOptions) => log.appendNow(written(events), options)
  return { ...log, appendNow, append: async (events, options) => appendNow(events, options) }
}

function older(event: NewEvent): NewEvent {
  return { ...event, schemaVersion: event.schemaVersion - 1, data: olderSchema.downcast(event.data) }
}
