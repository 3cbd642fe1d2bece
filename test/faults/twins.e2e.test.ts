import { expect, it } from 'vitest'
import { onFaultStage } from './fault-stage.ts'
import { loseTwins, twins } from './mishaps/of-twins.ts'
import { createStory } from './story/story.ts'
import { startBreakableWires } from './wires-of-service.ts'

onFaultStage(
  'two of each service at once',
  { cpus: [48, 48], wires: (_, targets, dir) => startBreakableWires(targets, dir) },
  (stage) => {
    it('do the work of one, also while one of them is cut off or killed', {
      timeout: 900_000,
    }, async () => {
      const story = createStory(stage, 2)
      await stage.start(...twins, ...twins, 'api')
      await story.once()
      await story.during(() => loseTwins(stage, story))
      await story.end()
      expect(stage.supervisor.ended).toEqual([])
      expect(stage.supervisor.restarted).toEqual([])
    })
  },
)
