/**
 * How far the log had come, kept outside the log: Postgres alone cannot know that it was restored from an older
 * backup. It may be lost at any time, and may be older than the log, never newer.
 */
export interface LogMark {
  /** `null` when there is none. Rejects when the store is away. */
  read(): Promise<MarkedEvent | null>
  /** Safe to repeat. */
  write(marked: MarkedEvent): Promise<void>
  /** What else shows that the log is an older one, in one sentence; empty when nothing does. Rejects as above. */
  doubt(): Promise<string>
  /** Has everybody know it, or that it is over: an empty sentence. Safe to repeat. */
  setDoubt(sentence: string): Promise<void>
}

/** An event that was in the log. */
export interface MarkedEvent {
  position: number
  /** Its hash, over all events before it. */
  hash: string
}
