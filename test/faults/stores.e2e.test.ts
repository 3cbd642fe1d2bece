import { expect, it } from 'vitest'
import { serviceNames } from '../e2e/harness/services.ts'
import { onFaultStage } from './fault-stage.ts'
import { everyStoreMishap, harmStores } from './mishaps/of-stores.ts'
import { type OwnStores, openOwnStores } from './own-stores.ts'
import { createStory } from './story/story.ts'
import { startBreakableWires } from './wires-of-service.ts'

let stores: OwnStores

onFaultStage(
  'stores that fail',
  {
    cpus: [48, 48],
    stores: async () => (stores = await openOwnStores()),
    wires: (_, targets, dir) => startBreakableWires(targets, dir),
  },
  (stage) => {
    it('lose nothing, double nothing, leave nothing over', { timeout: 900_000 }, async () => {
      const story = createStory(stage, 2)
      await stage.start(...serviceNames)
      await story.during(async () => {
        for (const mishap of everyStoreMishap) await harmStores(stage, story, stores, mishap)
      })
      await story.end()
      expect(stage.supervisor.ended).toEqual([])
      expect(stage.supervisor.restarted).toEqual([])
    })
  },
)
