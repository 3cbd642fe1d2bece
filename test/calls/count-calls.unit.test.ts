import { expect, test } from 'vitest'
import { atOnce, inWaves, perSecond, rollout } from './count-calls.ts'
import { liveThrough, type Pace } from './live-through.ts'

test.each<[number, string, Pace]>([
  [1, 'as they are made, 50 a second', perSecond(50)],
  [2, 'all at once', atOnce],
  [3, 'in waves of 100', inWaves(100, 30)],
])(
  'with %i workers 1,000 Pods that come and end %s need at most 2.3 calls each',
  async (workers, _, pace) => {
    const { calls, callsPerPod } = await liveThrough({ ...rollout, come: pace, end: pace, workers })
    expect(callsPerPod, JSON.stringify(calls)).toBeLessThanOrEqual(2.3)
    // There is no way to bind or unbind several at once.
    expect(calls).toMatchObject({ AssociateAddress: 1_000, DisassociateAddress: 1_000 })
  },
)
