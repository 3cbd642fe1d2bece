import { redisUrlForTests, uniquePrefix } from '@pod-eip/devstack'
import { createMemoryWorkTurn, createRedisWorkTurn, type WorkTurn } from '@pod-eip/queue'
import { systemClock } from '@pod-eip/runtime'
import { Redis } from 'ioredis'
import { afterEach, describe, expect, test } from 'vitest'
import { until } from './until.ts'

interface WorkTurnFixture {
  turn: WorkTurn
  dispose(): void
}

/** What every turn must do. */
function workTurnContract(name: string, create: () => Promise<WorkTurnFixture>): void {
  describe(`work turn contract: ${name}`, () => {
    let fixture: WorkTurnFixture
    const open = async () => {
      fixture = await create()
      return fixture.turn
    }
    afterEach(() => fixture.dispose())

    test('it is one owner at a time who has it', async () => {
      const turn = await open()
      expect(await turn.hold('a', 60_000)).toBe(true)
      expect(await turn.hold('b', 60_000)).toBe(false)
      expect(await turn.hold('a', 60_000)).toBe(true)
    })

    test('it runs out unless it is kept', async () => {
      const turn = await open()
      await turn.hold('a', 60_000)
      await turn.hold('a', 50)
      await until('the turn has run out', () => turn.hold('b', 60_000))
      expect(await turn.hold('a', 60_000)).toBe(false)
    })

    test('who has it can let it go, and nobody else', async () => {
      const turn = await open()
      await turn.hold('a', 60_000)
      await turn.yield('b')
      expect(await turn.hold('b', 60_000)).toBe(false)
      await turn.yield('a')
      expect(await turn.hold('b', 60_000)).toBe(true)
    })

    test('it can be taken from who has it', async () => {
      const turn = await open()
      await turn.hold('a', 60_000)
      await turn.seize('b', 60_000)
      expect(await turn.hold('a', 60_000)).toBe(false)
      expect(await turn.hold('b', 60_000)).toBe(true)
    })
  })
}

workTurnContract('memory', async () => ({
  turn: createMemoryWorkTurn({ clock: systemClock }),
  dispose: () => {},
}))

workTurnContract('redis', async () => {
  const redis = new Redis(await redisUrlForTests())
  const turn = createRedisWorkTurn({ redis, prefix: uniquePrefix() })
  return { turn, dispose: () => redis.disconnect() }
})
