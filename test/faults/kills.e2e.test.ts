import { seededRandom } from '@pod-eip/runtime'
import { expect, it } from 'vitest'
import { serviceNames } from '../e2e/harness/services.ts'
import { onFaultStage } from './fault-stage.ts'
import { faultPlan } from './plan.ts'
import { killTable } from './report.ts'
import { type Aim, chooseAims, createStrikes, nameOf } from './steps/strikes.ts'
import { createStory } from './story/story.ts'
import { startNamingWires } from './wires-of-service.ts'

const plan = faultPlan()
const random = seededRandom(plan.seed)
const strikes = createStrikes()
/** Above what all points take on a busy machine. */
const patienceMs = 20 * 60_000
/** After so many rounds in which nothing more was met, what is left is not met again. */
const mostInVain = 6

onFaultStage(
  'services killed at points of their work',
  {
    cpus: [48, 48],
    wires: (service, targets, dir, kill) =>
      startNamingWires(service, targets, dir, (when, step) => {
        if (!strikes.passes({ service, when, step })) return true
        kill()
        return false
      }),
  },
  (stage) => {
    it('lose nothing, double nothing, leave nothing over', { timeout: patienceMs }, async () => {
      const story = createStory(stage, 3)
      const killAll = (services: readonly string[] = serviceNames) => {
        for (const process of stage.processes) if (services.includes(process.service)) process.kill()
      }
      await stage.start(...serviceNames)
      await story.once()
      // What only the very first start of all passes is not met again: learnt is a second start, and a round.
      strikes.passed()
      killAll()
      await Promise.all(stage.processes.map((process) => process.ready()))
      await story.once()
      const passed = strikes.passed()
      const notMet: Aim[] = []

      try {
        for (let number = 1; number <= plan.stories; number++) {
          const { pointsOfEach: most, firstPassings } = plan
          strikes.aim(chooseAims(passed, random, { most, firstPassings }))
          let [struck, inVain] = [0, 0]
          await story.roundsUntil(() => {
            const left = strikes.left().map(({ service }) => service)
            inVain = strikes.struck.length === struck ? inVain + 1 : 0
            // What is left may be met at a start alone.
            if (inVain > 0) killAll(left)
            struck = strikes.struck.length
            return left.length === 0 || inVain > mostInVain
          })
          notMet.push(...strikes.left())
        }
        strikes.aim([])
        await story.end()
      } catch (error) {
        const last = strikes.struck.slice(-5).map(nameOf).join(', ')
        throw new Error(`after ${strikes.struck.length} kills, the last ones ${last}`, { cause: error })
      } finally {
        console.log(`seed ${plan.seed}\n${killTable(strikes.struck, [...passed.keys()], notMet)}`)
      }
      // Chance may leave out what a service does now and then.
      expect(notMet.length).toBeLessThan(5)
      expect(stage.supervisor.ended).toEqual([])
      expect(stage.supervisor.restarted).toEqual([])
    })
  },
)
