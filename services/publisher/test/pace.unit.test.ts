import { type Cluster, KubeError, type KubeObject, pods } from '@pod-eip/kube'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { describe, expect, test } from 'vitest'
import { createPacer, pacedCluster } from '../src/work-queue/paced-cluster.ts'

const pod: KubeObject = { metadata: { name: 'web-0', namespace: 'ns' } }

/** A cluster that notes when it is asked, and answers what it is told to. */
function askedAt(clock: { now(): number }, answer: () => KubeObject = () => pod) {
  const times: number[] = []
  const call = async () => {
    times.push(clock.now())
    return answer()
  }
  const cluster = { get: call, apply: call, create: call, mergePatch: call, delete: call }
  return { times, cluster: cluster as unknown as Cluster }
}

describe('requests to the API server', () => {
  test.each([
    { qps: 10, burst: 10 },
    { qps: 50, burst: 100 },
    { qps: 5, burst: 1 },
  ])('keep to $qps a second after a burst of $burst, however many want to go out', async ({ qps, burst }) => {
    const clock = createVirtualClock(0)
    const { times, cluster } = askedAt(clock)
    const paced = pacedCluster(cluster, createPacer(qps, burst, clock))
    const all = Promise.all(Array.from({ length: 20 * qps }, () => paced.get(pods, 'ns', 'web-0')))
    await clock.runUntil(60_000)
    await all
    for (const from of times) {
      const within = (ms: number) => times.filter((at) => at >= from && at < from + ms).length
      expect(within(1_000)).toBeLessThanOrEqual(qps + burst)
      expect(within(10_000)).toBeLessThanOrEqual(10 * qps + burst)
    }
    expect(times).toHaveLength(20 * qps)
    // And they use what they may.
    expect(times.at(-1)).toBeCloseTo((1000 * (20 * qps - burst)) / qps)
  })

  test('all wait for as long as the API server asks, whoever of them it told', async () => {
    const clock = createVirtualClock(0)
    let refusing = true
    const { times, cluster } = askedAt(clock, () => {
      if (refusing) throw new KubeError(429, 'TooManyRequests', 'too many requests', 7)
      return pod
    })
    const paced = pacedCluster(cluster, createPacer(10, 5, clock))
    const refused = paced.get(pods, 'ns', 'web-0').catch((error: KubeError) => error.status)
    await clock.runUntil(0)
    expect(await refused).toBe(429)
    refusing = false
    const all = Promise.all(Array.from({ length: 3 }, () => paced.apply(pods, pod, { fieldManager: 'x' })))
    await clock.runUntil(6_999)
    expect(times).toEqual([0])
    await clock.runUntil(8_000)
    await all
    // Evenly, without a burst.
    expect(times.slice(1)).toEqual([7_100, 7_200, 7_300])
  })

  test.each([
    [new KubeError(429, 'TooManyRequests', 'no'), 1_000],
    [new KubeError(503, 'ServiceUnavailable', 'no', 3), 3_000],
    [new KubeError(429, 'TooManyRequests', 'no', 9_999_999), 120_000],
    [new KubeError(500, 'InternalError', 'no'), 0],
    [new KubeError(409, 'Conflict', 'no'), 0],
  ])('pause after %s', async (error, pauseMs) => {
    const clock = createVirtualClock(0)
    const { times, cluster } = askedAt(clock, () => {
      throw error
    })
    const paced = pacedCluster(cluster, createPacer(1000, 1000, clock))
    for (let i = 0; i < 2; i += 1) {
      const end = paced.get(pods, 'ns', 'web-0').catch(() => {})
      await clock.runUntil(clock.now() + 130_000 * i)
      await end
    }
    expect(times[1]! - times[0]!).toBeGreaterThanOrEqual(pauseMs)
    expect(times[1]! - times[0]!).toBeLessThanOrEqual(pauseMs + 1)
  })

  test('are held up no more once the end has come', async () => {
    const clock = createVirtualClock(0)
    const pacer = createPacer(1, 1, clock)
    pacer.pause(60_000)
    const waiting = pacer.take()
    pacer.end()
    await waiting
    await pacer.take()
    expect(clock.now()).toBe(0)
  })
})
