import { notSent } from '../cloud-error.ts'
import type { CallOptions, EipCloud } from '../eip-cloud.ts'
import type { RateLimiter } from './rate-limiter.ts'

/**
 * The same cloud, each of whose requests, every page of a list included, first waits for the limiter. A
 * call that is cancelled while it waits was not sent (class `retry-soon`).
 */
export function rateLimitedCloud(cloud: EipCloud, limiter: RateLimiter): EipCloud {
  const limited = (call: CallOptions = {}): CallOptions => ({
    ...call,
    async admit(action, signal) {
      try {
        await limiter.acquire(action, signal)
      } catch (error) {
        if (!signal?.aborted) throw error
        throw notSent(action, 'it was cancelled while it waited for the rate limit')
      }
      // The caller's own word comes last: what it asks may have changed during the wait.
      await call.admit?.(action, signal)
    },
  })
  return {
    allocateAddresses: (request, call) => cloud.allocateAddresses(request, limited(call)),
    associateAddress: (request, call) => cloud.associateAddress(request, limited(call)),
    disassociateAddress: (request, call) => cloud.disassociateAddress(request, limited(call)),
    releaseAddresses: (request, call) => cloud.releaseAddresses(request, limited(call)),
    describeAddresses: (query, call) => cloud.describeAddresses(query, limited(call)),
    describeTaskResult: (taskId, call) => cloud.describeTaskResult(taskId, limited(call)),
    describeAddressQuota: (call) => cloud.describeAddressQuota(limited(call)),
    describeNetworkInterfaces: (query, call) => cloud.describeNetworkInterfaces(query, limited(call)),
    describeRouteTables: (query, call) => cloud.describeRouteTables(query, limited(call)),
  }
}
