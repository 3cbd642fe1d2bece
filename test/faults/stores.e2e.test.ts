import { seededRandom } from '@pod-eip/runtime'
import { expect, it } from 'vitest'
import { serviceNames } from '../e2e/harness/services.ts'
import { onFaultStage } from './fault-stage.ts'
import { type OwnStores, openOwnStores } from './own-stores.ts'
import { faultPlan } from './plan.ts'
import type { FaultStores } from './stores.ts'
import { createStory } from './story/story.ts'
import { startBreakableWires } from './wires-of-service.ts'

type Mishap = Exclude<keyof OwnStores, keyof FaultStores>

/** What happens to the stores, in the middle of a story: one of each row, in the whole suite all. */
const mishaps: Mishap[][] = [
  ['emptyRedis', 'restartRedis'],
  ['restartPostgres', 'killPostgresBackend'],
  ['killPostgres'],
]
const { whole, seed } = faultPlan()
const random = seededRandom(seed)
const chosen = whole ? mishaps.flat() : mishaps.map((row) => row[Math.floor(random.next() * row.length)]!)
let stores: OwnStores

onFaultStage(
  'stores that fail',
  {
    cpus: [48, 48],
    stores: async () => (stores = await openOwnStores()),
    wires: (_, targets, dir) => startBreakableWires(targets, dir),
  },
  (stage) => {
    it('lose nothing, double nothing, leave nothing over', { timeout: 900_000, retry: 0 }, async () => {
      const story = createStory(stage, 2)
      await stage.start(...serviceNames)
      let over = false
      const telling = story.roundsUntil(() => over)
      for (const mishap of chosen) {
        const before = story.rounds()
        await stores[mishap]()
        await stage.eventually(() => expect(story.rounds()).toBeGreaterThan(before + 1), 300)
      }
      over = true
      await telling
      await story.end()
      expect(stage.supervisor.ended).toEqual([])
      expect(stage.supervisor.restarted).toEqual([])
    })
  },
)
