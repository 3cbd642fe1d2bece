/**
 * How far the log had come, kept outside the log: Postgres alone cannot know that it was restored from an older
 * backup. It may be lost at any time, and may be older than the log, never newer.
 */
export interface LogMark {
  /** `null` when there is none. Rejects when the store is away. */
  read(): Promise<MarkedEvent | null>
  /** Safe to repeat. */
  write(marked: MarkedEvent): Promise<void>
}

/** An event that was in the log. */
export interface MarkedEvent {
  position: number
  /** Its hash, over all events before it. */
  hash: string
}
