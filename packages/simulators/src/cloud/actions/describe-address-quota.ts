import { quotaDay } from './allocate-addresses.ts'
import type { Answer, Call } from './call.ts'

/** How much of the quotas is used. */
export function describeAddressQuota(call: Call): Answer {
  const { region, config, now } = call
  const applied = region.applied.day === quotaDay(call, now) ? region.applied.count : 0
  const quota = (QuotaId: string, QuotaCurrent: number, QuotaLimit: number) => ({
    QuotaId,
    QuotaCurrent,
    QuotaLimit,
    QuotaGroup: '',
  })
  return {
    QuotaSet: [
      quota('TOTAL_EIP_QUOTA', Object.keys(region.addresses).length, config.quotas.total),
      quota('DAILY_EIP_APPLY', applied, config.quotas.daily),
    ],
  }
}
