import type { Random } from '@pod-eip/runtime'
import type { ControlPlane } from '../stage/control-plane.ts'
import type { FaultInStory } from '../stage/fate.ts'
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

/** One way in which the world goes wrong. Sets itself up from the seed: in most stories it is mild or absent. */
export interface Fault {
  name: string
  inStory(scene: Scene): FaultInStory
}
