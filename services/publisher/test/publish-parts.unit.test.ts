import { type EventStory, emptyNode, type Node } from '@pod-eip/domain'
import { seededRandom } from '@pod-eip/runtime'
import { describe, expect, test } from 'vitest'
import { eventObject, strayObjectEvent } from '../src/kube-events/event-object.ts'
import { seeNode, wantedCapacity } from '../src/node/node-capacity.ts'
import { createBacklog } from '../src/work-queue/backlog.ts'
import { createKeyedQueue } from '../src/work-queue/keyed-queue.ts'
import { createTurns } from '../src/work-queue/turns.ts'

const resource = 'tke.cloud.tencent.com/eip'

describe('the capacity of a Node', () => {
  const node: Node = { ...emptyNode('n1'), uid: 'u', limit: 3 }
  const see = (capacity: Record<string, string> | undefined) =>
    seeNode(
      { metadata: { name: 'n1', uid: 'u' }, status: { capacity } },
      { resource, fieldManager: 'pod-eip-publisher' },
    )

  test('is written when the Node lacks it or says another', () => {
    expect(wantedCapacity(node, see(undefined))).toBe('3')
    expect(wantedCapacity(node, see({ [resource]: '0' }))).toBe('3')
    expect(wantedCapacity(node, see({ [resource]: '3' }))).toBeNull()
  })

  test('follows what others have on the CVM, and what the cloud refused', () => {
    const shown = (facts: Partial<Node>) => wantedCapacity({ ...node, ...facts }, see({}))
    const foreign = [{ addressId: 'eip-x', privateIp: '10.0.0.9' }]
    expect(shown({ foreign })).toBe('2')
    expect(shown({ foreign, internalIp: '10.0.0.9' })).toBe('3')
    expect(shown({ refusal: { limit: 0, times: 1, at: '', raised: false } })).toBe('0')
  })

  test('is left alone while its limit or the Node itself is not known', () => {
    expect(wantedCapacity({ ...node, limit: null }, see({}))).toBeNull()
    expect(wantedCapacity({ ...node, uid: 'other' }, see({}))).toBeNull()
    expect(wantedCapacity({ ...node, removed: true }, see({}))).toBeNull()
    expect(wantedCapacity(null, see({}))).toBeNull()
    expect(wantedCapacity(node, null)).toBeNull()
  })
})

describe('an Event', () => {
  const fact = { position: 7, occurredAt: '2026-01-01T00:00:00.000Z' }
  const story: EventStory = {
    type: 'Normal',
    reason: 'AllocatedEip',
    message: 'Done.',
    onPod: true,
    onClaim: true,
  }
  const make = (key: string, kind: 'Pod' | 'EIPClaim', message = 'Done.') =>
    eventObject(key, fact, { ...story, message }, { kind, uid: 'u' })

  test('has a name of its own that follows from the fact', () => {
    const { name, namespace } = make('ns/web-0', 'Pod').metadata
    expect(name).toMatch(/^web-0\.[0-9a-f]{16}$/)
    expect(namespace).toBe('ns')
    expect(make('ns/web-0', 'Pod').metadata.name).toBe(name)
    expect(make('ns/web-0', 'EIPClaim').metadata.name).not.toBe(name)
    expect(
      eventObject('ns/web-0', { ...fact, position: 8 }, story, { kind: 'Pod', uid: 'u' }).metadata.name,
    ).not.toBe(name)
  })

  test('fits into what the API server takes, however long name and message are', () => {
    const { metadata, message } = make(`ns/${'a'.repeat(235)}.${'b'.repeat(17)}`, 'Pod', 'x'.repeat(2000))
    expect(metadata.name.length).toBeLessThanOrEqual(253)
    expect(metadata.name).not.toMatch(/[.-]\./)
    expect(message).toHaveLength(1024)
  })

  test('names whom it is about', () => {
    expect(make('ns/web-0', 'Pod').involvedObject).toMatchObject({ apiVersion: 'v1', kind: 'Pod', uid: 'u' })
    expect(strayObjectEvent('ns/web-0', 'u', fact.occurredAt)).toMatchObject({
      ...{ type: 'Warning', reason: 'NotMadeByPodEip' },
      involvedObject: { apiVersion: 'networking.tke.cloud.tencent.com/v1', kind: 'EIPClaim', uid: 'u' },
    })
  })
})

describe('the backlog', () => {
  const event = (position: number) => ({ position }) as Parameters<ReturnType<typeof createBacklog>['add']>[1]

  test('holds the checkpoint before the first event that is not published, whatever else is', () => {
    const backlog = createBacklog()
    backlog.begin(4)
    expect(backlog.publishedUpTo()).toBe(4)
    for (const [key, position] of [
      ['a', 5],
      ['b', 6],
      ['a', 7],
    ] as const)
      backlog.add(key, event(position))
    backlog.done('b', 6)
    expect(backlog.publishedUpTo()).toBe(4)
    backlog.done('a', 5)
    expect(backlog.publishedUpTo()).toBe(6)
    backlog.done('a', 7)
    expect(backlog.publishedUpTo()).toBe(7)
    expect(backlog.size()).toBe(0)
  })

  test('makes its filler wait until there is room', async () => {
    const backlog = createBacklog()
    backlog.add('a', event(1))
    let room = false
    const waiting = backlog.roomBelow(1, new AbortController().signal).then(() => {
      room = true
    })
    await Promise.resolve()
    expect(room).toBe(false)
    backlog.done('a', 1)
    await waiting
  })
})

/** A clock that passes as fast as it is slept on. */
function leapingClock() {
  let now = 0
  return {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms
    },
  }
}

describe('the queue by key', () => {
  function run(work: (key: string) => Promise<void>, concurrency = 2) {
    const stop = new AbortController()
    const failed: string[] = []
    const queue = createKeyedQueue({
      ...{ concurrency, work, clock: leapingClock(), random: seededRandom(1) },
      onFailure: ({ key }) => failed.push(key),
    })
    const done = queue.run(stop.signal)
    const stopped = () => {
      stop.abort()
      return done
    }
    return { queue, failed, stop: stopped }
  }

  test('works on a key once more when it was added meanwhile, and never twice at a time', async () => {
    const gates: PromiseWithResolvers<void>[] = []
    let running = 0
    let most = 0
    const { queue, stop } = run(async () => {
      most = Math.max(most, ++running)
      const gate = Promise.withResolvers<void>()
      gates.push(gate)
      await gate.promise
      running -= 1
    })
    queue.add('a')
    await expect.poll(() => gates.length).toBe(1)
    queue.add('a')
    queue.add('a')
    gates[0]!.resolve()
    await expect.poll(() => gates.length).toBe(2)
    gates[1]!.resolve()
    await expect.poll(() => queue.status().pending).toBe(0)
    expect(gates).toHaveLength(2)
    expect(most).toBe(1)
    await stop()
  })

  test('works on a key at its time, and earlier when that comes first', async () => {
    const worked: string[] = []
    const { queue, stop } = run(async (key) => void worked.push(key))
    queue.addAt('late', 60_000)
    queue.addAt('late', 90_000)
    queue.add('now')
    await expect.poll(() => worked).toContain('late')
    expect(worked.filter((key) => key === 'late')).toHaveLength(1)
    await stop()
  })

  test('tries a failing key again without holding up the others', async () => {
    const worked: string[] = []
    let failures = 3
    const { queue, failed, stop } = run(async (key) => {
      if (key === 'bad' && failures-- > 0) throw new Error('no')
      worked.push(key)
    }, 1)
    for (const key of ['bad', 'a', 'b']) queue.add(key)
    await expect.poll(() => queue.status()).toMatchObject({ pending: 0, failing: 0 })
    expect(worked.sort()).toEqual(['a', 'b', 'bad'])
    expect(failed).toEqual(['bad', 'bad', 'bad'])
    await stop()
  })
})

test('a queue that was idle for long has not hung when work comes', async () => {
  const clock = leapingClock()
  const queue = createKeyedQueue({
    ...{ concurrency: 1, work: async () => {}, clock, random: seededRandom(1), onFailure: () => {} },
  })
  await clock.sleep(3_600_000)
  queue.add('a')
  expect(queue.status()).toEqual({ pending: 1, failing: 0, lastProgressAt: 3_600_000 })
})

test('what somebody waits for comes first, and what is less urgent comes to its end too', () => {
  const turns = createTurns()
  for (let i = 0; i < 16; i += 1) turns.add(`urgent-${i}`, 'urgent')
  for (const key of ['a', 'b']) turns.add(key, 'background')
  turns.add('usual', 'usual')
  turns.add('b', 'urgent')
  turns.add('b', 'background')
  const order: string[] = []
  for (let key = turns.next(); key !== undefined; key = turns.next()) order.push(key)
  const urgent = Array.from({ length: 16 }, (_, i) => `urgent-${i}`)
  expect(order).toEqual([
    ...urgent.slice(0, 7),
    'a',
    ...urgent.slice(7, 14),
    'usual',
    ...urgent.slice(14),
    'b',
  ])
  expect(turns.size()).toBe(0)
})
