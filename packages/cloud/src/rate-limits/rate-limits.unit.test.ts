import type { Clock } from '@pod-eip/runtime'
import { describe, expect, it } from 'vitest'
import type { EipCloud } from '../eip-cloud.ts'
import { createEipCloudOverVpcApi } from '../vpc-api/create-eip-cloud.ts'
import { createInMemoryRateLimiter } from './in-memory-rate-limiter.ts'
import { rateLimitedCloud } from './rate-limited-cloud.ts'
import { defaultRateLimits, documentedRateLimits, shareOfRateLimits } from './rate-limiter.ts'

/** Sleepers wake in the order of their times; nothing really waits. */
function virtualClock(): Clock & { advance(): Promise<void> } {
  let now = 0
  const sleepers: { at: number; wake: () => void }[] = []
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        sleepers.push({ at: now + ms, wake: resolve })
        signal?.addEventListener('abort', () => resolve(), { once: true })
      }),
    async advance() {
      await Promise.resolve()
      while (sleepers.length > 0) {
        sleepers.sort((a, b) => a.at - b.at)
        const next = sleepers.shift()!
        now = Math.max(now, next.at)
        next.wake()
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
  }
}

describe('the in-memory rate limiter', () => {
  it('lets no second, wherever it begins, see more calls than the limit', async () => {
    const clock = virtualClock()
    const limiter = createInMemoryRateLimiter(clock)
    const times: number[] = []
    const calls = Array.from({ length: 40 }, async () => {
      await limiter.acquire('AssociateAddress')
      times.push(clock.now())
    })
    await clock.advance()
    await Promise.all(calls)
    const busiest = Math.max(
      ...times.map((from) => times.filter((at) => at >= from && at < from + 1000).length),
    )
    expect(busiest).toBe(defaultRateLimits.AssociateAddress)
    expect(clock.now()).toBeLessThanOrEqual(Math.ceil((39 * 1000) / defaultRateLimits.AssociateAddress))
  })

  it('counts each action by itself', async () => {
    const clock = virtualClock()
    const limiter = createInMemoryRateLimiter(clock)
    await limiter.acquire('AssociateAddress')
    await limiter.acquire('ReleaseAddresses')
    expect(clock.now()).toBe(0)
  })

  it('keeps to a share of the limits', async () => {
    const clock = virtualClock()
    const limiter = createInMemoryRateLimiter(clock, shareOfRateLimits(defaultRateLimits, 50))
    const calls = Array.from({ length: 10 }, () => limiter.acquire('AssociateAddress'))
    await clock.advance()
    await Promise.all(calls)
    expect(clock.now()).toBe(2_000)
    expect(shareOfRateLimits(defaultRateLimits, 100)).toEqual(defaultRateLimits)
  })

  it('stays below what is documented', () => {
    for (const [action, limit] of Object.entries(defaultRateLimits)) {
      expect(limit).toBeLessThan(documentedRateLimits[action as keyof typeof documentedRateLimits])
    }
  })
})

describe('the rate-limited cloud', () => {
  const unreachable: EipCloud = createEipCloudOverVpcApi(async () => {
    throw new Error('sent')
  })

  it('sends nothing when the call is cancelled while it waits', async () => {
    const clock = virtualClock()
    const cloud = rateLimitedCloud(unreachable, createInMemoryRateLimiter(clock))
    await expect(cloud.describeAddressQuota()).rejects.toThrow('sent')
    const stop = new AbortController()
    const waiting = cloud.describeAddressQuota({ signal: stop.signal })
    stop.abort()
    await expect(waiting).rejects.toMatchObject({ class: 'retry-soon', code: 'NotSent' })
  })

  it('asks for a place before each call', async () => {
    const asked: string[] = []
    const cloud = rateLimitedCloud(unreachable, { acquire: async (action) => void asked.push(action) })
    await expect(cloud.disassociateAddress({ addressId: 'eip-1' })).rejects.toThrow('sent')
    await expect(cloud.describeTaskResult(1)).rejects.toThrow('sent')
    expect(asked).toEqual(['DisassociateAddress', 'DescribeTaskResult'])
  })
})
