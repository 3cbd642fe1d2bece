import type { Random } from '@pod-eip/runtime'
import type { ControlPlane } from '../stage/control-plane.ts'
import type { FaultInStory, PortCall } from '../stage/fate.ts'
import type { Stage } from '../stage/stage.ts'

/** What a fault can reach. */
export interface Scene {
  stage: Stage
  /** A source of the fault's own, for what is set once for a story. */
  random: Random
  /** False once the calm has come: then nothing may go wrong any more. */
  stormy(): boolean
  /** Only once the story has begun. */
  plane(): ControlPlane
  /**
   * How often what has this name befalls in this story: swarm testing. Never in many stories, else anything from a
   * hundredth of `most` to `most`; how much goes wrong at all differs from story to story too.
   */
  rate(what: string, most: number): number
  /** The number in [0, 1) that stands beside a name. */
  chance(name: string): number
  /** Whether `what` befalls at the call or job of this name, drawn for it alone; then it is counted and told. */
  befalls(what: string, at: Occasion, probability: number): boolean
  /** Whether what lasts all story long, such as two of a service at once, is so; then it is told. */
  isSo(what: string, probability: number): boolean
  /** Tells what follows later from something that befell. */
  tell(what: string): void
  /** Counts what befell everything at once, for the table of what the stories reached. */
  count(what: string): void
}

/** Where a fault may strike. */
export interface Occasion {
  /** Names it within the story. */
  name: string
  /** The call of a service, where it is one. */
  call?: PortCall
  /** The claims that it is about, where it is no call. */
  claims?: () => string[]
}

/** One way in which the world goes wrong. Sets itself up from the seed: in most stories it is mild or absent. */
export interface Fault {
  name: string
  inStory(scene: Scene): FaultInStory
}
