import { expect, it } from 'vitest'
import { serviceNames } from '../e2e/harness/services.ts'
import { onFaultStage } from './fault-stage.ts'
import { breakConnections, everyTurn } from './mishaps/of-connections.ts'
import { createStory } from './story/story.ts'
import { needs, startBreakableWires } from './wires-of-service.ts'

const patienceMs = 60 * 60_000

// Each takes its time, most of it waiting: side by side they take that of one.
for (const need of needs) {
  onFaultStage(
    `connections to ${need} that break`,
    { cpus: [48, 48], wires: (_, targets, dir) => startBreakableWires(targets, dir), concurrent: true },
    (stage) => {
      it('lose nothing, double nothing, leave nothing over', { timeout: patienceMs }, async () => {
        const story = createStory(stage, 2)
        await stage.start(...serviceNames)
        const told: string[] = []
        await story.during(async () => {
          for (const turn of everyTurn(need)) {
            const words = await breakConnections(stage, story, turn)
            if (words !== null) told.push(words)
          }
        })
        await story.end()
        console.log(told.join('\n'))
        expect(stage.supervisor.ended).toEqual([])
        expect(stage.supervisor.restarted).toEqual([])
      })
    },
  )
}
