import { toDomainEvent } from '@pod-eip/read-models'
import type { ControlPlane } from '../stage/control-plane.ts'
import { region, type Stage } from '../stage/stage.ts'
import { invariants } from './index.ts'
import type { LiveView } from './invariant.ts'

/** Looks at the cloud and the cluster from outside while the story goes on, and at its end. */
export interface Watchman {
  /** Rules that were broken so far. */
  violations: string[]
  /** Changes that the cloud made to addresses so far. */
  changes(): number
  /** Looks around, at a moment when nothing runs. */
  look(): void
  /** What is not yet as it must be once the storm is over. */
  checkAtRest(): Promise<string[]>
}

export function createWatchman(stage: Stage, plane: ControlPlane): Watchman {
  const world = stage.cloud.region({ region })
  const violations: string[] = []
  let seen = 0
  const view: LiveView = {
    stage,
    plane,
    say: (rule, what) => {
      violations.push(`${rule} at ${new Date(stage.clock.now()).toISOString()}: ${what}`)
    },
  }
  stage.cloud.onChange(() => {
    for (const entry of world.ledger({ after: seen })) {
      seen = entry.number
      for (const invariant of invariants) invariant.onCloudChange?.(entry, view)
    }
  })

  return {
    violations,
    changes: () => seen,
    look() {
      for (const invariant of invariants) invariant.onMoment?.(view)
    },
    async checkAtRest() {
      const wrong: string[] = []
      const rest = {
        stage,
        plane,
        say: (rule: string, what: string) => void wrong.push(`${rule} at rest: ${what}`),
        claims: await plane.models.claims(),
        events: plane.log.readNow({ after: 0, limit: Number.MAX_SAFE_INTEGER }).map(toDomainEvent),
        written: plane.written().map(toDomainEvent),
        ledger: world.ledger(),
        addresses: new Map(world.addresses().map((a) => [a.addressId, a])),
      }
      for (const invariant of invariants) await invariant.atRest?.(rest)
      return wrong
    },
  }
}
