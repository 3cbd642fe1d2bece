import { defaultGuardSettings } from '@pod-eip/domain'
import { guardAsSet } from '@pod-eip/read-models'
import { readSettings } from '@pod-eip/runtime'
import { describe, expect, test } from 'vitest'
import { assertSettles, workerSettings } from '../src/worker-settings.ts'

const { ratePercent } = workerSettings
const read = (...argv: string[]) => readSettings({ ratePercent }, {}, argv).ratePercent

describe("a cluster's share of the limits on calls", () => {
  test('is all of them unless it is set', () => {
    expect(read()).toBe(100)
    expect(read('--cloud-rate-percent', '25')).toBe(25)
    expect(readSettings({ ratePercent }, { POD_EIP_CLOUD_RATE_PERCENT: '1' }, []).ratePercent).toBe(1)
  })

  test.each(['0', '101', '-5', '2.5', 'half', ''])('is refused as %j, with what would do', (value) => {
    expect(() => read(`--cloud-rate-percent=${value}`)).toThrow(
      /cloud-rate-percent.*whole number from 1 to 100/i,
    )
  })
})

test('the guard is the one of the projector: the same flags, the same defaults', () => {
  const { guardMissedCount, guardMissedPercent, guardReleases, guardReleasesPercent, guardWindowMs } =
    workerSettings
  const specs = { guardMissedCount, guardMissedPercent, guardReleases, guardReleasesPercent, guardWindowMs }
  const guard = (...argv: string[]) => guardAsSet(readSettings(specs, {}, argv))
  expect(guard()).toEqual(defaultGuardSettings)
  expect(guard('--guard-missed-count=50', '--guard-missed-percent=5')).toEqual({
    ...defaultGuardSettings,
    ...{ missedCount: 50, missedShare: 0.05 },
  })
  expect(guard('--guard-releases=7', '--guard-releases-percent=20')).toEqual({
    ...defaultGuardSettings,
    ...{ releases: 7, releasedShare: 0.2 },
  })
  expect(() => guard('--guard-releases-percent=101')).toThrow(/whole number from 0 to 100/)
})

describe('how long a call without an answer may work', () => {
  const { settleMs } = workerSettings
  const readTime = (...argv: string[]) => readSettings({ settleMs }, {}, argv).settleMs

  test('is 15 s unless it is set', () => {
    expect(readTime()).toBe(15_000)
    expect(readTime('--cloud-settle-time', '1m')).toBe(60_000)
  })

  test.each(['1s', '11m', '15', ''])('is refused as %j, with what would do', (value) => {
    expect(() => readTime(`--cloud-settle-time=${value}`)).toThrow(/cloud-settle-time.*from 2s to 10m/i)
  })

  test('is less than that of Tencent Cloud at another endpoint alone', () => {
    expect(() => assertSettles({ settleMs: 14_999, endpoint: undefined })).toThrow(/set it to 15s or more/)
    expect(() => assertSettles({ settleMs: 15_000, endpoint: undefined })).not.toThrow()
    expect(() => assertSettles({ settleMs: 2_000, endpoint: 'http://127.0.0.1:9999' })).not.toThrow()
  })
})
