import { randomInt } from 'node:crypto'

/** How much of the suite is run. */
export interface FaultPlan {
  seed: number
  /** Points of each service that are struck in a story; chance chooses. */
  pointsOfEach: number
  /** Stories, each of which strikes its points at other passings. */
  stories: number
  /** A point is struck at one of so many of its first passings. */
  firstPassings: number
}

/**
 * `npm run faults` asks for all points by FAULTS_STORIES; `npm test` and CI take some, others each time.
 * FAULTS_SEED repeats a run's choice.
 */
export function faultPlan(env: NodeJS.ProcessEnv = process.env): FaultPlan {
  const stories = Number(env.FAULTS_STORIES ?? 0)
  const seed = Number(env.FAULTS_SEED ?? randomInt(1_000_000))
  const firstPassings = 4
  return stories > 0
    ? { seed, stories, firstPassings, pointsOfEach: Number.POSITIVE_INFINITY }
    : { seed, stories: 1, firstPassings, pointsOfEach: 6 }
}
