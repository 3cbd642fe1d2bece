import type { Fault } from './fault.ts'

const codes = [
  'AddressQuotaLimitExceeded',
  'AddressQuotaLimitExceeded.DailyAllocate',
  'FailedOperation.BalanceInsufficient',
]

/** For a while the account may have no more EIPs. */
export const cloudQuota: Fault = {
  name: 'cloud quota',
  inStory({ stage, rate, count }) {
    return {
      strike: {
        probability: rate('no more EIPs', 0.06),
        happen(random) {
          const code = codes[Math.floor(random.next() * codes.length)]!
          const { id } = stage.cloud.faults.add({ kind: 'error', code, action: 'AllocateAddresses' })
          const ms = random.next() * 120_000
          stage.clock.after(ms, () => stage.cloud.faults.remove(id))
          count(code)
          return `the cloud answers ${code} for ${Math.round(ms / 1000)} s`
        },
      },
    }
  },
}
