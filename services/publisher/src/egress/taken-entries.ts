import { type LastCorrection, nextCorrection } from '../disputes/corrections.ts'

/**
 * Notices what somebody takes out of the ConfigMap, and when to put it back: ever later where somebody keeps on, so
 * that two writers of one text do not chase each other.
 */
export interface TakenEntries {
  /** Which of these, which are not there, were there when all was last as it should be. Each is told once. */
  newlyTaken(missing: Iterable<string>): string[]
  /** These are put back after a wait that begins now, if any. */
  take(things: Iterable<string>, now: number): void
  /** What is not to be put back yet. */
  resting(now: number): ReadonlySet<string>
  /** When that ends, epoch ms; `null` when nothing rests. */
  restsUntil(now: number): number | null
  /** All is as it should be, but for what rests: these are there. */
  stand(things: Iterable<string>): void
}

export function createTakenEntries(): TakenEntries {
  let stood = new Set<string>()
  const taken = new Set<string>()
  let corrections: LastCorrection | null = null
  const rests = (now: number) => corrections !== null && now < corrections.at && taken.size > 0

  return {
    newlyTaken: (missing) => [...missing].filter((thing) => stood.has(thing) && !taken.has(thing)),
    take(things, now) {
      corrections = nextCorrection(corrections, now)
      for (const thing of things) taken.add(thing)
    },
    resting: (now) => (rests(now) ? taken : new Set()),
    restsUntil: (now) => (rests(now) ? corrections!.at : null),
    stand(things) {
      stood = new Set(things)
      for (const thing of stood) taken.delete(thing)
    },
  }
}
