import type { Scene } from '../faults/fault.ts'
import type { CoverageOfStory } from '../report/coverage.ts'
import { claimsOfCall } from './about.ts'
import type { ControlPlane } from './control-plane.ts'
import type { Script } from './script.ts'
import type { Stage } from './stage.ts'

/** Of the kinds of mishap so large a share is there in a story, by the story. */
const densities = [0.08, 0.2, 0.4, 0.7]

/** The scene of one fault in one story. */
export function createScene(
  fault: string,
  deps: {
    script: Script
    stage: Stage
    coverage: CoverageOfStory
    tell: (what: string) => void
    stormy: () => boolean
    plane: () => ControlPlane
  },
): Scene {
  const { script, stage, coverage, tell, stormy, plane } = deps
  const density = densities[Math.floor(script.chance('density of mishaps') * densities.length)]!
  /** The phases in which these claims are, or all that are on their way. */
  const phasesOf = (keys: readonly string[] | null) => {
    const { claims } = plane().models.world
    return keys
      ? keys.flatMap((key) => claims.get(key)?.phase ?? [])
      : [...claims.values()].map(({ phase }) => phase)
  }
  return {
    stage,
    random: script.source(fault),
    stormy,
    plane,
    tell,
    chance: script.chance,
    rate(what, most) {
      const name = `${fault}: ${what}`
      if (script.chance(`whether ${name}`) >= density) return 0
      return most * 100 ** -script.chance(`rate of ${name}`)
    },
    befalls(what, { name, call, claims }, probability) {
      if (probability === 0) return false
      const full = `${what} @ ${name}`
      if (script.chance(full) >= probability || !script.happens(full)) return false
      const about = claims?.() ?? (call ? claimsOfCall(call, plane().models.world) : [])
      coverage.befell(what, phasesOf(about))
      const hinders = call ? call.port !== 'cluster' : what.startsWith('job ')
      if (hinders) for (const claim of about) stage.hinderedAt.set(claim, stage.clock.now())
      const of = about.length > 0 ? ` of ${about.join(' and ')}` : ''
      tell(call ? `${what}: ${call.process} at ${call.port}.${call.method}${of}` : `${what}${of}`)
      return true
    },
    isSo(what, probability) {
      if (script.chance(what) >= probability || !script.happens(what)) return false
      coverage.befell(what.replace(/\d+ s/, 'some s'), [])
      tell(what)
      return true
    },
    count(what) {
      coverage.befell(what, phasesOf(null))
    },
  }
}
