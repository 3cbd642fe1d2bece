import { seededRandom } from '@pod-eip/runtime'
import { expect, it } from 'vitest'
import { serviceNames } from '../e2e/harness/services.ts'
import { onFaultStage } from './fault-stage.ts'
import { breakConnections, someTurns } from './mishaps/of-connections.ts'
import { harmStores, someStoreMishaps } from './mishaps/of-stores.ts'
import { loseTwins, twins } from './mishaps/of-twins.ts'
import { type OwnStores, openOwnStores } from './own-stores.ts'
import { faultPlan } from './plan.ts'
import { createStory } from './story/story.ts'
import { startBreakableWires } from './wires-of-service.ts'

const { seed } = faultPlan()
const random = seededRandom(seed)
let stores: OwnStores

/** Of connections, stores and twins what a run of all tests has time for, in one story. */
onFaultStage(
  'one mishap after another',
  {
    cpus: [48, 48],
    stores: async () => (stores = await openOwnStores()),
    wires: (_, targets, dir) => startBreakableWires(targets, dir),
  },
  (stage) => {
    it('loses nothing, doubles nothing, leaves nothing over', { timeout: 900_000 }, async () => {
      const story = createStory(stage, 2)
      await stage.start(...serviceNames)
      const told = [`seed ${seed}`]
      await story.during(async () => {
        for (const turn of someTurns(random)) {
          told.push((await breakConnections(stage, story, turn)) ?? 'no connection')
        }
        for (const mishap of someStoreMishaps(random)) {
          await harmStores(stage, story, stores, mishap)
          told.push(mishap)
        }
        await stage.start(...twins)
        await loseTwins(stage, story)
      })
      await story.end()
      console.log(told.join('\n'))
      expect(stage.supervisor.ended).toEqual([])
      expect(stage.supervisor.restarted).toEqual([])
    })
  },
)
