import type { Fault } from './fault.ts'

const codes = [
  'AddressQuotaLimitExceeded',
  'AddressQuotaLimitExceeded.DailyAllocate',
  'FailedOperation.BalanceInsufficient',
]

/** For a while the account may have no more EIPs. */
export const cloudQuota: Fault = {
  name: 'cloud quota',
  inStory({ stage, random, count }) {
    return {
      strike: {
        probability: random.next() < 0.5 ? 0.02 : 0,
        happen() {
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
