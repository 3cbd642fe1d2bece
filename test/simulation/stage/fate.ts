import type { MemoryIntentQueueOptions } from '@pod-eip/queue'

/** A fault as it is in one story. */
export interface FaultInStory {
  /** What befalls a job of the queue at its turn; `handled` leaves it to others. */
  jobFate?: NonNullable<MemoryIntentQueueOptions['fateOf']>
  /** What befalls one call of a service on a port; see `CallFate`. */
  callFate?(process: string, port: string, method: string, args: unknown[]): CallFate | null
  /** Something that may happen at any moment of the storm. */
  strike?: {
    /** For each moment of the story. */
    probability: number
    /** Does it, and tells it in words; `null` when there was nothing to do. */
    happen(): string | null
  }
  /** The storm is over. */
  calm?(): void
}

/** A call that fails, before or after it has done its work, or whose answer is not true. */
export type CallFate =
  | { when: 'before' | 'after'; error: Error }
  | { when: 'after'; untrue: (answer: unknown) => unknown }
