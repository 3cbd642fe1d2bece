import { expect, test } from 'vitest'
import type { Clock } from './clock.ts'
import { createPulse } from './pulse.ts'

test('a pulse that fails is borne for a while, then told, and comes back', async () => {
  let now = 0
  let well = true
  let wake = () => {}
  const clock: Clock = { now: () => now, sleep: () => new Promise((resolve) => (wake = resolve)) }
  const stop = new AbortController()
  const pulse = createPulse(clock, async () => {
    if (!well) throw new Error('away')
    return true
  })
  const running = pulse.run(stop.signal)
  const pass = async (ms: number) => {
    now += ms
    wake()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await pass(10_000)
  well = false
  await pass(50_000)
  expect(pulse.beats()).toBe(true)
  await pass(20_000)
  expect(pulse.beats()).toBe(false)
  well = true
  await pass(10_000)
  expect(pulse.beats()).toBe(true)
  stop.abort()
  wake()
  await running
})
