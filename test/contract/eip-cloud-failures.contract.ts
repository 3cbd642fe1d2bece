import type { EipCloud } from '@pod-eip/cloud'
import type { CloudSimulator, RegionControl } from '@pod-eip/simulators/cloud'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { fails, request } from './eip-cloud-requests.ts'

interface Opened {
  cloud: EipCloud
  simulator: CloudSimulator
  region: RegionControl
}

/** The part of the contract about calls that fail: what may have happened, and what cannot. */
export function eipCloudFailures(opened: () => Opened): void {
  describe('failing', () => {
    let cloud: EipCloud
    let simulator: CloudSimulator
    let region: RegionControl
    beforeEach(() => {
      ;({ cloud, simulator, region } = opened())
    })

    it('does not know whether a call with a lost answer worked; the token finds out', async () => {
      simulator.faults.add({ kind: 'lost-answer', action: 'AllocateAddresses', count: 1 })
      await fails('no-answer', 'NoAnswer', () => cloud.allocateAddresses(request({ clientToken: 't' })))
      const { addressIds } = await cloud.allocateAddresses(request({ clientToken: 't' }))
      expect(region.addresses().map((address) => address.addressId)).toEqual(addressIds)
    })

    it('does not know either when the request was lost', async () => {
      simulator.faults.add({ kind: 'lost-request', action: 'AllocateAddresses', count: 1 })
      await fails('no-answer', 'NoAnswer', () => cloud.allocateAddresses(request({})))
      expect(region.addresses()).toEqual([])
    })

    it('gives up on an answer that never comes', async () => {
      simulator.faults.add({ kind: 'lost-answer', how: 'hang', action: 'AllocateAddresses', count: 1 })
      await fails('no-answer', 'NoAnswer', () => cloud.allocateAddresses(request({})))
      expect(region.addresses()).toHaveLength(1)
    })

    it('gives up on a slow answer while the call goes its way', async () => {
      simulator.faults.add({ kind: 'latency', ms: 60_000, when: 'after', action: 'AllocateAddresses' })
      await fails('no-answer', 'NoAnswer', () => cloud.allocateAddresses(request({})))
      expect(region.addresses()).toHaveLength(1)
    })

    it('stops waiting when told to', async () => {
      simulator.faults.add({ kind: 'lost-answer', how: 'hang', action: 'AllocateAddresses' })
      const stop = new AbortController()
      const call = fails('no-answer', 'NoAnswer', () =>
        cloud.allocateAddresses(request({}), { signal: stop.signal }),
      )
      await vi.waitFor(() => expect(region.addresses()).toHaveLength(1))
      stop.abort()
      await call
    })

    it('sends nothing when told to stop before', async () => {
      await fails('retry-soon', 'NotSent', () =>
        cloud.allocateAddresses(request({}), { signal: AbortSignal.abort() }),
      )
      expect(region.addresses()).toEqual([])
    })

    it('sends nothing that is not admitted', async () => {
      const admit = async () => {
        throw new Error('no place')
      }
      await expect(cloud.allocateAddresses(request({}), { admit })).rejects.toThrow('no place')
      expect(region.addresses()).toEqual([])
    })

    it.each(['html', 'no-response', 'truncated', 'empty-response'] as const)(
      'cannot trust an answer that is not as documented: %s',
      async (body) => {
        simulator.faults.add({ kind: 'malformed-answer', body, action: 'AllocateAddresses' })
        await fails('no-answer', 'NoAnswer', () => cloud.allocateAddresses(request({})))
      },
    )

    it('cannot trust the error page of a gateway', async () => {
      simulator.faults.add({ kind: 'http-error', carriedOut: true, action: 'AllocateAddresses' })
      await fails('no-answer', 'NoAnswer', () => cloud.allocateAddresses(request({})))
      expect(region.addresses()).toHaveLength(1)
    })

    it('may come back soon when throttled', async () => {
      simulator.configure({ rateLimits: { DescribeAddressQuota: 1 } })
      const calls = [cloud.describeAddressQuota(), cloud.describeAddressQuota(), cloud.describeAddressQuota()]
      const refused = (await Promise.allSettled(calls)).filter((call) => call.status === 'rejected')
      expect(refused.map((call) => call.reason)).toContainEqual(
        expect.objectContaining({ class: 'retry-soon', code: 'RequestLimitExceeded' }),
      )
    })

    it.each([
      ['back-off', 'FailedOperation.BalanceInsufficient'],
      ['terminal', 'UnauthorizedOperation'],
    ] as const)('carries the class of the account: %s', async (errorClass, code) => {
      simulator.setAccount({
        balanceInsufficient: code === 'FailedOperation.BalanceInsufficient',
        deniedActions: code === 'UnauthorizedOperation' ? ['AllocateAddresses'] : [],
      })
      await fails(errorClass, code, () => cloud.allocateAddresses(request({})))
    })
  })
}
