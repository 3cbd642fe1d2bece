import type { GuardSettings } from '@pod-eip/domain'
import type { Random } from '@pod-eip/runtime'

/** What is set for a whole story: each seed has a climate of its own, so that rare faults are common somewhere. */
export interface Climate {
  /** Probability that a process is killed before, and again after, each of its calls. */
  crash: number
  /** The longest that a call takes, in ms. */
  latencyMs: number
  /** Expiry of retained claims in ms; `null` = never. */
  claimExpiredMs: number | null
  /** Static EIPs go with their workload. */
  cascade: boolean
  /** How much may be given back at once. */
  guard: GuardSettings
  /** How many of each service run at the same time. */
  copies: { projector: number; watcher: number; worker: number; publisher: number }
}

/** The shortest expiry that an operator may set. */
const expiryMs = 5 * 60_000

/** Draws the climate of a story. */
export function drawClimate(random: Random): Climate {
  const chance = (probability: number) => random.next() < probability
  return {
    crash: chance(0.7) ? random.next() ** 3 * 0.02 : 0,
    latencyMs: chance(0.5) ? 20 : 400,
    claimExpiredMs: chance(0.15) ? expiryMs : null,
    copies: {
      projector: chance(0.3) ? 2 : 1,
      watcher: chance(0.3) ? 2 : 1,
      worker: chance(0.5) ? 2 : 1,
      publisher: chance(0.3) ? 2 : 1,
    },
    cascade: chance(0.5),
    // The stories are small: few Pods are many.
    guard: {
      windowMs: 10 * 60_000,
      missedCount: Math.floor(random.next() * 3),
      missedShare: 0.3,
      releases: chance(0.2) ? 3 : null,
    },
  }
}
