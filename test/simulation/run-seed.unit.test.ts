import { expect, test } from 'vitest'
import { runSeed } from './run-seed.ts'

test('a seed tells the same story every time, to the last step', async () => {
  const once = await runSeed(42)
  expect(await runSeed(42)).toEqual(once)
  expect(once.steps).toBeGreaterThan(1_000)
})

test('a story told with only what happens in it is the same, but for what came after the last of it', async () => {
  const whole = await runSeed(5)
  const again = await runSeed(5, { only: new Set(whole.happened) })
  expect(again.happened).toEqual(whole.happened)
  const told = again.story.slice(
    0,
    again.story.findIndex((line) => line.endsWith(' calm')),
  )
  expect(whole.story.slice(0, told.length)).toEqual(told)
})

test('what is left out does not happen', async () => {
  const { happened } = await runSeed(5)
  const half = happened.filter((_, i) => i % 2 === 0)
  const again = await runSeed(5, { only: new Set(half) })
  expect(half).toEqual(expect.arrayContaining(again.happened))
  expect(again.happened.length).toBeGreaterThan(0)
})

test('the storm is one: processes crash, and the cloud changes', async () => {
  const reports = [await runSeed(3), await runSeed(4), await runSeed(5)]
  const sum = (of: (r: (typeof reports)[number]) => number) => reports.reduce((n, r) => n + of(r), 0)
  expect(sum((r) => r.crashes)).toBeGreaterThan(0)
  expect(sum((r) => r.cloudCalls)).toBeGreaterThan(50)
})
