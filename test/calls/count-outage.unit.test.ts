import { expect, test } from 'vitest'
import { dayOut } from './count-outage.ts'
import { liveThroughOutage } from './live-through-outage.ts'

test('after a day without pod-eip the log says what was missed, and every claim comes right in few calls', async () => {
  const { missed, replaced, found, calls, wrong } = await liveThroughOutage(dayOut(200))
  expect({ missed, replaced, found, wrong }).toEqual({ missed: 40, replaced: 40, found: 80, wrong: [] })
  // One binding for each Pod that came, one unbinding at most for each that went, and nothing for the others.
  expect(calls.AssociateAddress).toBe(80)
  expect(calls.DisassociateAddress).toBeLessThanOrEqual(80)
  const all = Object.values(calls).reduce((sum, n) => sum + n, 0)
  expect(all, JSON.stringify(calls)).toBeLessThanOrEqual(2.3 * 120 + 40)
})
