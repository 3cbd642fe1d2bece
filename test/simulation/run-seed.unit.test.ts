import { expect, test } from 'vitest'
import { runSeed } from './run-seed.ts'

test('a seed tells the same story every time, to the last step', async () => {
  const once = await runSeed(42)
  expect(await runSeed(42)).toEqual(once)
  expect(once.steps).toBeGreaterThan(1_000)
})

test('the storm is one: processes crash, and the cloud changes', async () => {
  const reports = [await runSeed(3), await runSeed(4), await runSeed(5)]
  const sum = (of: (r: (typeof reports)[number]) => number) => reports.reduce((n, r) => n + of(r), 0)
  expect(sum((r) => r.crashes)).toBeGreaterThan(0)
  expect(sum((r) => r.cloudCalls)).toBeGreaterThan(50)
})
