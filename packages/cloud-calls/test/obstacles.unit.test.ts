import { describe, expect, test } from 'vitest'
import { meet, noObstacles } from '../src/obstacles.ts'
import { allocation } from '../src/testing/orders.ts'
import { setWorkerStage } from '../src/testing/worker-stage.ts'

const minute = 60_000

/** Tries once every so often, always against the code that `codeAt` names; returns what was told, and when. */
function tries(count: number, everyMs: number, codeAt: (n: number) => string) {
  let obstacles = noObstacles
  const told: { at: number; code: string; tries: number; news: boolean }[] = []
  for (let n = 0; n < count; n++) {
    const [next, telling] = meet(obstacles, codeAt(n), n * everyMs)
    obstacles = next
    if (telling) told.push({ at: n * everyMs, code: codeAt(n), tries: telling.tries, news: telling.news })
  }
  return told
}

describe('what is told of an obstacle', () => {
  test('at once, and again whenever it has lasted twice as long', () => {
    const told = tries(100, minute, () => 'quota')
    expect(told.map((t) => t.at / minute)).toEqual([0, 1, 2, 4, 8, 16, 32, 64])
    expect(told.map((t) => t.tries)).toEqual([1, 2, 3, 5, 9, 17, 33, 65])
    expect(told.map((t) => t.news)).toEqual([true, ...Array(7).fill(false)])
  })

  test('looked at every second it is told no more often', () => {
    expect(tries(3600, 1000, () => 'no interface').map((t) => t.at / minute)).toEqual([0, 1, 2, 4, 8, 16, 32])
  })

  test('at least every six hours', () => {
    const told = tries(14 * 24, 60 * minute, () => 'quota').map((t) => t.at)
    const gaps = told.slice(1).map((at, n) => at - told[n]!)
    expect(Math.max(...gaps)).toBe(6 * 60 * minute)
  })

  test('of two that come in turns each as rarely as alone', () => {
    const told = tries(200, minute, (n) => (n % 2 === 0 ? 'quota' : 'throttled'))
    expect(told.length).toBeLessThan(20)
    expect(told.slice(0, 2).map((t) => t.news)).toEqual([true, true])
  })

  test('another one is news, and so is the first when it comes back for long', () => {
    const told = tries(300, minute, (n) => (n < 100 || n >= 200 ? 'quota' : 'arrears'))
    expect(told.filter((t) => t.news).map((t) => [t.code, t.at / minute])).toEqual([
      ['quota', 0],
      ['arrears', 100],
      ['quota', 200],
    ])
  })
})

test('a day against a quota: a dozen events, each with what was true of the tries so far', async () => {
  const stage = setWorkerStage()
  stage.cloud.configure({ quotas: { total: 0 } })
  stage.decide(allocation())
  await stage.work('i-1', 24 * 60 * minute)
  const told = stage.recorded().filter((event) => event.type === 'CloudCallDelayed')
  expect(stage.sent.length).toBeGreaterThan(140)
  expect(told.length).toBeLessThan(16)
  for (const { data, occurredAt } of told) {
    expect(data).toMatchObject({ since: told[0]!.occurredAt, retryEveryMs: 600_000 })
    const wait = Date.parse(String(data.retryAt)) - Date.parse(occurredAt)
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(600_000)
  }
  expect(told.at(-1)!.data.tries).toBeGreaterThan(80)
})
