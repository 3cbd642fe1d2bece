import { emptyClaim } from '@pod-eip/domain'
import { createMemoryEventLog } from '@pod-eip/event-log'
import { createMemoryModels } from '@pod-eip/read-models'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { beforeEach, expect, test } from 'vitest'
import { handleExpiry } from '../src/handle-expiry.ts'

const key = 'games/web-0'
const until = '2026-01-01T01:00:00.000Z'
const hourMs = 3_600_000

function open() {
  const clock = createVirtualClock(Date.parse('2026-01-01T00:00:00Z'))
  const log = createMemoryEventLog({ clock })
  const readModels = createMemoryModels(() => log.headNow())
  const retain = (retained: { until: string | null } | null, position = 0) =>
    readModels.world.claims.set(key, {
      ...emptyClaim(key),
      phase: 'Retained',
      ...{ generation: 2, position },
      retained: retained && { since: '2026-01-01T00:00:00.000Z', due: false, ...retained },
    })
  const ring = () => handleExpiry(key, { clock, log, readModels })
  return { clock, log, retain, ring }
}
let stage: ReturnType<typeof open>
beforeEach(() => {
  stage = open()
})

test('an alarm that rings too early comes again at the time of the claim', async () => {
  stage.retain({ until })
  expect(await stage.ring()).toEqual({ kind: 'again', delayMs: hourMs })
  expect(stage.log.headNow()).toBe(0)
})

test('when its time is over that is recorded, once, however often the alarm rings', async () => {
  stage.retain({ until })
  await stage.clock.runUntil(Date.parse(until))
  expect(await stage.ring()).toEqual({ kind: 'done' })
  expect(await stage.ring()).toEqual({ kind: 'done' })
  const events = stage.log.readNow({ after: 0, limit: 10 })
  expect(events).toMatchObject([{ type: 'ClaimExpiryDue', data: { claim: key, generation: 2, until } }])
})

test('a time that was over, was moved away and is set again is over again', async () => {
  stage.retain({ until }, 7)
  await stage.clock.runUntil(Date.parse(until))
  await stage.ring()
  stage.retain({ until: null }, 8)
  stage.retain({ until }, 9)
  await stage.ring()
  expect(stage.log.readNow({ after: 0, limit: 10 }).map(({ type }) => type)).toEqual([
    'ClaimExpiryDue',
    'ClaimExpiryDue',
  ])
})

test('nothing is recorded of a claim that was taken back, is kept for ever, or is not known', async () => {
  expect(await stage.ring()).toEqual({ kind: 'done' })
  stage.retain(null)
  expect(await stage.ring()).toEqual({ kind: 'done' })
  stage.retain({ until: null })
  expect(await stage.ring()).toEqual({ kind: 'done' })
  expect(stage.log.headNow()).toBe(0)
})
