import { expect, it } from 'vitest'
import { onFaultStage } from './fault-stage.ts'
import { createStory } from './story/story.ts'
import { startBreakableWires } from './wires-of-service.ts'

const twins = ['projector', 'watcher', 'worker', 'publisher'] as const

onFaultStage(
  'two of each service at once',
  { cpus: [48, 48], wires: (_, targets, dir) => startBreakableWires(targets, dir) },
  (stage) => {
    it('do the work of one, also while one of them is cut off or killed', {
      timeout: 900_000,
      retry: 0,
    }, async () => {
      const story = createStory(stage, 2)
      await stage.start(...twins, ...twins, 'api')
      await story.once()

      // Each believes that it is the only one, and comes back with what it believed.
      let over = false
      const telling = story.roundsUntil(() => over)
      const before = story.rounds()
      for (const service of twins) {
        const [first, second] = stage.processes.filter((process) => process.service === service)
        first!.wires.wires.postgres.suffer('stall')
        second!.kill()
      }
      await stage.eventually(() => expect(story.rounds()).toBeGreaterThan(before + 1), 300)
      over = true
      await telling
      await story.end()
      expect(stage.supervisor.ended).toEqual([])
      expect(stage.supervisor.restarted).toEqual([])
    })
  },
)
