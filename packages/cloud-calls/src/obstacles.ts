/**
 * What stood in the way of an intent, by code, and how often it was told. Part of what the next step remembers;
 * times are epoch ms.
 */
export type Obstacles = {
  /** Code that the claim shows; empty before the first. */
  shown: string
  met: Record<string, Obstacle>
}

type Obstacle = {
  since: number
  tries: number
  toldAt: number
}

/** What is to be told of an obstacle now. */
export interface Telling {
  /** Tries that met it so far, this one included. */
  tries: number
  /** When it was met first, epoch ms. */
  since: number
  /** Whether the claim has shown something else until now. */
  news: boolean
}

export const noObstacles: Obstacles = { shown: '', met: {} }

/** Not sooner than this is the same told again. */
const restMs = 60_000
/** And never later, so that the time that the claim shows is not from yesterday. */
const longestRestMs = 6 * 3_600_000

/**
 * Counts one more try that met an obstacle, and says what to tell of it, if anything. It is told at the first
 * try, and again whenever it has lasted twice as long as when it was last told: a wait of a day costs a dozen
 * events and not one for each try, and yet the claim's next time of trying is never older than half the wait. Two
 * obstacles that come in turns, such as a quota and throttling, are told as rarely, each by itself.
 */
export function meet(obstacles: Obstacles, code: string, now: number): [Obstacles, Telling | null] {
  const known = obstacles.met[code]
  const before = known ?? { since: now, tries: 0, toldAt: now }
  const tries = before.tries + 1
  const due = Math.min(Math.max(restMs, before.toldAt - before.since), longestRestMs)
  const tells = !known || now - before.toldAt >= due
  const met = { ...obstacles.met, [code]: { ...before, tries, toldAt: tells ? now : before.toldAt } }
  if (!tells) return [{ ...obstacles, met }, null]
  return [
    { shown: code, met },
    { tries, since: before.since, news: obstacles.shown !== code },
  ]
}
