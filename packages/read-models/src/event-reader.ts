import { type DomainEvent, schemaVersions, upcasters } from '@pod-eip/domain'
import { createUpcast, type RecordedEvent, type Upcaster } from '@pod-eip/event-log'
import { NewerBuildError } from './newer-build-error.ts'

/** Reads recorded events in the shape of today. What is recorded, and its hash, stay as they were written. */
export interface EventReader {
  /** The event in today's shape, for whoever only shows it; one of a newer build as it stands. */
  upToDate(recorded: RecordedEvent): RecordedEvent
  /**
   * The event as the rules see it.
   * @throws NewerBuildError when a newer build wrote it
   */
  toDomainEvent(recorded: RecordedEvent): DomainEvent
}

/**
 * @param versions of every event type that is known, the newest schema version that is
 * @param steps from each earlier version to the next
 */
export function createEventReader(
  versions: Readonly<Record<string, number>>,
  steps: readonly Upcaster[],
): EventReader {
  const upToDate = createUpcast([...steps])
  return {
    upToDate,
    toDomainEvent(recorded) {
      const { type, schemaVersion, data, position, occurredAt, correlationId } = upToDate(recorded)
      const known = Object.hasOwn(versions, type) ? versions[type]! : 0
      if (schemaVersion > known) throw new NewerBuildError(newerSentence(recorded, known))
      if (schemaVersion < known) throw new Error(`no upcaster reads ${type} version ${schemaVersion}`)
      return { type, data, position, occurredAt, correlationId } as unknown as DomainEvent
    },
  }
}

function newerSentence({ position, type, schemaVersion }: RecordedEvent, known: number): string {
  const what =
    known === 0
      ? `is of type ${type}, which this build does not know`
      : `is ${type} version ${schemaVersion}, and this build reads up to version ${known}`
  return `Event ${position} of the log ${what}: a newer build wrote it, so this one stops and changes nothing; run that build or a later one.`
}

/** The reader of this build. */
export const eventReader = createEventReader(schemaVersions, upcasters as readonly Upcaster[])
export const { upToDate, toDomainEvent } = eventReader
