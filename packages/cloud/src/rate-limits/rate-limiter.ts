import type { CloudAction } from '../vpc-api/call-vpc-api.ts'

/** Says when a call may be made. */
export interface RateLimiter {
  /**
   * Resolves when one call of the action may be made; a place once given is spent, made or not.
   *
   * @throws the signal's reason when it aborts first.
   */
  acquire(action: CloudAction, signal?: AbortSignal): Promise<void>
}

/** Calls per second, by action. */
export type RateLimits = Readonly<Record<CloudAction, number>>

/**
 * Calls per second that Tencent Cloud documents, per action, region and sub-account, on the page of each
 * action under "Maximum request frequency".
 */
export const documentedRateLimits: RateLimits = {
  AllocateAddresses: 10,
  AssociateAddress: 10,
  DisassociateAddress: 10,
  ReleaseAddresses: 10,
  DescribeAddressQuota: 10,
  DescribeAddresses: 20,
  DescribeTaskResult: 20,
  DescribeNetworkInterfaces: 100,
  DescribeRouteTables: 100,
}

/**
 * What we hold ourselves to: a tenth below the documented. Calls that leave evenly spaced arrive less
 * evenly, the cloud's second is not ours, and a throttled call costs more time than the tenth. The total
 * over all actions also stays near the 50 calls per second that TKE's own ipamd holds itself to, which
 * is why DescribeNetworkInterfaces gets less than it could have.
 */
export const defaultRateLimits: RateLimits = {
  AllocateAddresses: 9,
  AssociateAddress: 9,
  DisassociateAddress: 9,
  ReleaseAddresses: 9,
  DescribeAddressQuota: 1,
  DescribeAddresses: 18,
  DescribeTaskResult: 18,
  DescribeNetworkInterfaces: 20,
  DescribeRouteTables: 2,
}

/** A part of the limits, for who shares an account and region with others. @param percent above 0, at most 100 */
export function shareOfRateLimits(limits: RateLimits, percent: number): RateLimits {
  return Object.fromEntries(
    Object.entries(limits).map(([action, limit]) => [action, (limit * percent) / 100]),
  ) as unknown as RateLimits
}
