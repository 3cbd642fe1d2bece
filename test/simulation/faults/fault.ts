import type { MemoryIntentQueueOptions } from '@pod-eip/queue'
import type { Random } from '@pod-eip/runtime'
import type { ControlPlane } from '../stage/control-plane.ts'
import type { Stage } from '../stage/stage.ts'

/** What a fault can reach. */
export interface Scene {
  stage: Stage
  /** A source of the fault's own. */
  random: Random
  /** False once the calm has come: then nothing may go wrong any more. */
  stormy(): boolean
  /** Only once the story has begun. */
  plane(): ControlPlane
  /** Counts what befell, by name, for the table of what the stories reached. */
  count(what: string): void
}

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

/** One way in which the world goes wrong. Sets itself up from the seed: in most stories it is mild or absent. */
export interface Fault {
  name: string
  inStory(scene: Scene): FaultInStory
}
