import { seededRandom, systemClock } from '@pod-eip/runtime'
import { expect, it } from 'vitest'
import { serviceNames } from '../e2e/harness/services.ts'
import { type FaultStage, onFaultStage } from './fault-stage.ts'
import { faultPlan } from './plan.ts'
import { createStory } from './story/story.ts'
import { type BreakableWire, type Mishap, mishaps } from './wire/breakable-wire.ts'
import { type Need, needs, type ServiceWires, startBreakableWires } from './wires-of-service.ts'

type WiredStage = FaultStage<ServiceWires<BreakableWire>>

/** Something that happens to connections: of these services to what they need. */
interface Turn {
  services: readonly string[]
  needs: readonly Need[]
  mishap: Mishap
}

const plan = faultPlan()
/** A stream of changes through which nothing comes is taken for silence for so long that few tests wait for it. */
const recoverySeconds = 300
const patienceMs = 60 * 60_000

onFaultStage(
  'connections that break',
  { cpus: [48, 48], wires: (_, targets, dir) => startBreakableWires(targets, dir) },
  (stage) => {
    it('lose nothing, double nothing, leave nothing over', { timeout: patienceMs, retry: 0 }, async () => {
      const story = createStory(stage, 2)
      await stage.start(...serviceNames)
      let over = false
      const telling = story.roundsUntil(() => over)
      const told: string[] = []
      for (const turn of plan.whole ? everyTurn() : someTurns()) {
        const began = systemClock.now()
        const [rounds, count] = [story.rounds(), happen(stage, turn)]
        if (count === 0) continue
        // Each lane needs every service for one round.
        const goesOn = () => {
          expect([turn, heldOnTo(stage)]).toEqual([turn, []])
          expect([turn, story.rounds()]).toEqual([turn, expect.toSatisfy((now) => now >= rounds + 2)])
        }
        await Promise.race([stage.eventually(goesOn, recoverySeconds), telling])
        const seconds = Math.round((systemClock.now() - began) / 1_000)
        told.push(
          `${turn.mishap} ${turn.needs.join(', ')} of ${turn.services.join(', ')}: ${count}, ${seconds} s`,
        )
      }
      over = true
      await telling
      await story.end()
      console.log(told.join('\n'))
      expect(stage.supervisor.ended).toEqual([])
      expect(stage.supervisor.restarted).toEqual([])
    })
  },
)

/** Returns to how many connections. */
function happen(stage: WiredStage, { services, needs: those, mishap }: Turn): number {
  return stage.processes
    .filter(({ service }) => services.includes(service))
    .flatMap(({ wires }) => those.map((need) => wires.wires[need].suffer(mishap)))
    .reduce((sum, count) => sum + count, 0)
}

/** Services that wait for an answer that will not come. */
function heldOnTo(stage: WiredStage): string[] {
  return stage.processes.flatMap(({ service, wires }) =>
    needs.filter((need) => wires.wires[need].heldOnTo() > 0).map((need) => `${service} waits for ${need}`),
  )
}

/** Each connection of each service in each way. */
function everyTurn(): Turn[] {
  return mishaps.flatMap((mishap) =>
    needs.flatMap((need) => serviceNames.map((service) => ({ services: [service], needs: [need], mishap }))),
  )
}

/** Of all services together: every connection cut, then those that go without a word; of the quick ones one by chance. */
function someTurns(): Turn[] {
  const random = seededRandom(plan.seed)
  const either = <T>(one: T, other: T): T => (random.next() < 0.5 ? one : other)
  const silent: Need[] = ['postgres', either('redis', 'cloud')]
  return [
    { services: serviceNames, needs, mishap: 'cut' },
    ...silent.map((need) => ({
      services: serviceNames,
      needs: [need],
      mishap: either<Mishap>('stall', 'half-open'),
    })),
  ]
}
