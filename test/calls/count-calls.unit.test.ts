import { expect, test } from 'vitest'
import { liveThrough } from './live-through.ts'

test('1,000 Pods live from their first to their last call on at most 2.3 calls each', async () => {
  const { calls, callsPerPod } = await liveThrough({ pods: 1_000, perSecond: 50, workers: 1, alike: true })
  expect(callsPerPod, JSON.stringify(calls)).toBeLessThanOrEqual(2.3)
  // There is no way to bind or unbind several at once.
  expect(calls).toMatchObject({ AssociateAddress: 1_000, DisassociateAddress: 1_000 })
})
