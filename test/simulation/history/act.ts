import type { Random } from '@pod-eip/runtime'
import type { Stage } from '../stage/stage.ts'

/** What an act can reach. */
export interface Surroundings {
  stage: Stage
  random: Random
  /** One of them by chance; `undefined` of none. */
  pick<T>(list: readonly T[]): T | undefined
}

/**
 * Something that people or machines do while the story lasts. Does it and tells it in words; `null` when there was
 * nothing to do. What the cluster refuses it may throw.
 */
export type Act = (surroundings: Surroundings) => string | null
