import type { MemoryIntentQueueOptions } from '@pod-eip/queue'
import type { Random } from '@pod-eip/runtime'
import type { CallFate as CloudFate } from '@pod-eip/simulators/cloud'

/** A call of a service on one of its ports. */
export interface PortCall {
  /** Such as `worker-0`. */
  process: string
  /** Such as `worker`. */
  service: string
  port: string
  method: string
  args: unknown[]
  /** Counts the process's calls of the method, from 1; goes on when the process starts anew. */
  number: number
  /** Names the call within the story. */
  name: string
}

type JobOfQueue = Parameters<NonNullable<MemoryIntentQueueOptions['fateOf']>>[0]
type JobFate = ReturnType<NonNullable<MemoryIntentQueueOptions['fateOf']>>

/** A fault as it is in one story. */
export interface FaultInStory {
  /** What befalls a job of the queue at its turn; `null` leaves it to others. `name` names the turn in the story. */
  jobFate?(job: JobOfQueue, name: string): JobFate | null
  /** What befalls one call of a service on a port; see `CallFate`. */
  callFate?(call: PortCall): CallFate | null
  /** Adds to what befalls one call of the cloud. `name` names the call in the story. */
  cloudFate?(action: string, name: string, fate: CloudFate): void
  /** Something that may happen at any moment of the storm. */
  strike?: {
    /** For each moment of the story. */
    probability: number
    /** Does it, by draws of the moment's own, and tells it in words; `null` when there was nothing to do. */
    happen(random: Random): string | null
  }
  /** The storm is over. */
  calm?(): void
}

/**
 * A call that fails, before or after it has done its work, or half-way, or whose answer is not true, or which is the
 * last that its process makes; or one that only takes longer.
 */
export type CallFate =
  | { when: 'before' | 'after'; error: Error }
  | { when: 'after'; untrue: (answer: unknown) => unknown }
  | { when: 'half'; args: unknown[]; error: Error }
  | { when: 'before' | 'after'; kill: true }
  | { when: 'before' | 'after'; late: number }
