import type { PlaneSettings } from './control-plane.ts'
import type { Script } from './script.ts'

/** What is set for a whole story: each seed has a climate of its own. */
export interface Climate {
  /** The longest that a call takes, in ms. */
  latencyMs: number
  settings: PlaneSettings
  /** How many of each service run at the same time. */
  copies: { projector: number; watcher: number; worker: number; publisher: number }
}

/** The shortest expiry that an operator may set. */
export const expiryMs = 5 * 60_000

/** Draws the climate of a story. Whatever of it is not the plainest is told, and can be left out. */
export function drawClimate(script: Script, tell: (what: string) => void): Climate {
  const isSo = (what: string, probability: number) => {
    if (script.chance(what) >= probability || !script.happens(what)) return false
    tell(what)
    return true
  }
  const twice = (service: string, probability: number) => (isSo(`two ${service}s run`, probability) ? 2 : 1)
  return {
    latencyMs: isSo('calls take up to 0.4 s', 0.5) ? 400 : 20,
    copies: {
      projector: twice('projector', 0.3),
      watcher: twice('watcher', 0.3),
      worker: twice('worker', 0.5),
      publisher: twice('publisher', 0.3),
    },
    settings: {
      claimExpiredMs: isSo('kept EIPs expire after 5 minutes', 0.2) ? expiryMs : null,
      cascade: isSo('kept EIPs go with their workload', 0.5),
      // The stories are small: few Pods are many.
      guard: {
        windowMs: 10 * 60_000,
        missedCount: Math.floor(script.chance('missed count') * 3),
        missedShare: 0.3,
        releases: isSo('no more than 3 EIPs are released in 10 minutes', 0.2) ? 3 : null,
        releasedShare: isSo('no more than half of the EIPs are released in 10 minutes', 0.1) ? 0.5 : null,
        fewReleases: 2,
      },
    },
  }
}
