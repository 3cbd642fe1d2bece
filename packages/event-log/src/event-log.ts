import type { JsonObject, NewEvent, RecordedEvent } from './event.ts'

/** The append-only log of everything seen and decided. */
export interface EventLog {
  /**
   * Appends all of the events in their order, or none. An event whose `dedupeKey` is in the log already, or
   * earlier in the batch, is skipped and its recorded place returned; skipping comes before the check of
   * `expectedVersion`. So a batch whose events all have keys may be sent again at any time.
   *
   * @throws StreamMovedError when a stream is not at its `expectedVersion`
   * @throws InvalidEventError when an event cannot be recorded
   */
  append(events: NewEvent[], options?: AppendOptions): Promise<AppendResult>
  /** Events after a position, in order. Without filters there is no gap between them. */
  read(query: ReadQuery): Promise<RecordedEvent[]>
  /** Events of one stream in order of version, or from the newest when `backwards`. */
  readStream(stream: string, query?: StreamQuery): Promise<RecordedEvent[]>
  /** Position of the newest event; 0 when there is none. */
  head(): Promise<number>
  /**
   * Hands every event after a position to `onBatch`, in order, at least once, each batch after the one before
   * was handled. Outlives lost connections. Resolves when `signal` aborts.
   *
   * @throws what `onBatch` throws
   * @throws LogGapError when the log does not continue after `after`
   */
  subscribe(subscription: Subscription): Promise<void>
  /**
   * Resolves when the log may have grown past `position`, at the latest after the poll interval, and when
   * `signal` aborts. A failed look counts as "may have".
   */
  waitForMore(position: number, signal: AbortSignal): Promise<void>
  readonly checkpoints: Checkpoints
}

export interface AppendOptions {
  /** Saved if and only if the events are. */
  checkpoint?: CheckpointChange
}

/** What to change of a checkpoint: whatever is left out stays as it is. */
export interface CheckpointChange {
  name: string
  position?: number
  state?: JsonObject
}

export interface AppendResult {
  /** Where each event of the batch stands, in the batch's order. */
  events: AppendedEvent[]
  /** How many were new. */
  appended: number
}

export interface AppendedEvent {
  position: number
  version: number
  /** False when it was in the log before, or earlier in the batch. */
  isNew: boolean
}

export interface ReadQuery {
  after: number
  limit: number
  streams?: string[]
  types?: string[]
  correlationId?: string
}

export interface StreamQuery {
  /** Versions above this one; with `backwards`, below it. */
  after?: number
  /** Default 1000. */
  limit?: number
  backwards?: boolean
}

export const defaultStreamLimit = 1000

export interface Subscription {
  after: number
  signal: AbortSignal
  /** Default 500. */
  batchSize?: number
  onBatch(events: RecordedEvent[]): Promise<void> | void
}

/** Named bookmarks into the log, with what their owner wants to keep beside them. */
export interface Checkpoints {
  /** Position 0 and no state for a name that was never saved. */
  load(name: string): Promise<Checkpoint>
  /** Safe to repeat. Without `state` the saved state stays. */
  save(name: string, position: number, state?: JsonObject): Promise<void>
}

export interface Checkpoint {
  position: number
  state?: JsonObject
}
