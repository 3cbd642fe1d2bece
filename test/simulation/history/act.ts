import type { Random } from '@pod-eip/runtime'
import type { ControlPlane } from '../stage/control-plane.ts'
import type { Stage } from '../stage/stage.ts'

/** What an act can reach. */
export interface Surroundings {
  stage: Stage
  plane: ControlPlane
  /** The moment's own. */
  random: Random
  /** One of them by chance; `undefined` of none. Others that are there or not seldom change which. */
  pick<T>(list: readonly T[]): T | undefined
  /** Does something later in the story, unless it was told to its end before. What the cluster refuses is refused. */
  later(ms: number, what: () => void): void
}

/**
 * Something that people or machines do while the story lasts. Does it and tells it in words; `null` when there was
 * nothing to do. What the cluster refuses it may throw.
 */
export type Act = (surroundings: Surroundings) => string | null
