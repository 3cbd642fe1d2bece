import type { Random } from '@pod-eip/runtime'
import { systemClock } from '@pod-eip/runtime'
import { expect } from 'vitest'
import { serviceNames } from '../../e2e/harness/services.ts'
import type { FaultStage } from '../fault-stage.ts'
import type { Story } from '../story/story.ts'
import { type BreakableWire, type Mishap, mishaps } from '../wire/breakable-wire.ts'
import { type Need, needs, type ServiceWires } from '../wires-of-service.ts'

export type WiredStage = FaultStage<ServiceWires<BreakableWire>>

/** Something that happens to connections: of these services to what they need. */
export interface Turn {
  services: readonly string[]
  needs: readonly Need[]
  mishap: Mishap
}

/** A stream of changes through which nothing comes is taken for silence for so long that few tests wait for it. */
const recoverySeconds = 300

/**
 * Breaks them, and waits until nobody waits for an answer that will not come and the story has gone on.
 * @returns to how many connections it happened and how long it took, in words; `null` when there are none
 */
export async function breakConnections(stage: WiredStage, story: Story, turn: Turn): Promise<string | null> {
  const began = systemClock.now()
  const [rounds, count] = [story.rounds(), happen(stage, turn)]
  if (count === 0) return null
  await stage.eventually(() => {
    expect([turn, heldOnTo(stage)]).toEqual([turn, []])
    // Each lane needs every service for one round.
    expect([turn, story.rounds()]).toEqual([turn, expect.toSatisfy((now) => now >= rounds + 2)])
  }, recoverySeconds)
  const seconds = Math.round((systemClock.now() - began) / 1_000)
  return `${turn.mishap} ${turn.needs.join(', ')} of ${turn.services.join(', ')}: ${count}, ${seconds} s`
}

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

/** The connections of each service to this, by themselves, in each way. */
export function everyTurn(need: Need): Turn[] {
  return mishaps.flatMap((mishap) =>
    serviceNames.map((service) => ({ services: [service], needs: [need], mishap })),
  )
}

/** Of all services together: every connection cut, then those that go without a word; of the quick ones one by chance. */
export function someTurns(random: Random): Turn[] {
  const either = <T>(one: T, other: T): T => (random.next() < 0.5 ? one : other)
  return [
    { services: serviceNames, needs, mishap: 'cut' },
    {
      services: serviceNames,
      needs: ['postgres', either('redis', 'cloud')],
      mishap: either<Mishap>('stall', 'half-open'),
    },
  ]
}
