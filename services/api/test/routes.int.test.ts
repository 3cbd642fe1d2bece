import { createTestDatabase } from '@pod-eip/devstack'
import {
  type EventData,
  type EventType,
  eipLimit,
  type NewDomainEvent,
  newEvent,
  streamOf,
} from '@pod-eip/domain'
import { podObserved } from '@pod-eip/domain/testing'
import { openEventLog } from '@pod-eip/event-log'
import { createPostgresProjectionStore, createPostgresReadModels } from '@pod-eip/read-models'
import { seededIds, seededRandom, silentLogger, systemClock, systemRandom } from '@pod-eip/runtime'
import type { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApi } from '../src/index.ts'

let app: Hono
const cleanups: (() => Promise<void>)[] = []

/** games/web-0 held 203.0.113.1 on n1 from 00:00:10 to 00:01:00; default/bot asks for what cannot be. */
beforeAll(async () => {
  const { url, schema, drop } = await createTestDatabase()
  const { log, pool, close } = await openEventLog({
    ...{ url, schema, clock: systemClock, random: systemRandom, logger: silentLogger },
    applicationName: 'test',
  })
  cleanups.push(close, drop)
  const store = createPostgresProjectionStore(log, pool, schema)
  const readModels = createPostgresReadModels(pool, schema)
  const ids = seededIds(seededRandom(5))

  async function happen<T extends EventType>(at: string, type: T, data: EventData[T]): Promise<void> {
    const occurredAt = `2026-01-01T00:${at}.000Z`
    const event = newEvent(type, data) as NewDomainEvent
    await log.append([
      {
        stream: streamOf(event),
        type,
        schemaVersion: 1,
        occurredAt,
        actor: 'watcher',
        correlationId: 'uid-1',
        causationPosition: null,
        data: data as never,
      },
    ])
    const settings = { claimExpiredMs: null, cascade: false }
    await store.advance(
      { maxEvents: 100, maxClaims: 100 },
      { now: occurredAt, nextId: () => ids.next(), settings },
    )
  }
  const pod = (claim: string, podUid: string, request: EventData['PodObserved']['request']) =>
    podObserved({ claim, podUid, request, node: 'n1', privateIp: '10.0.0.1' })
  const intent = async () => (await readModels.openIntents())[0]!.id

  const about = { node: 'n1', nodeUid: 'nu', resourceVersion: '1' }
  const node = { ...about, instanceId: 'ins-1', cpu: 4, internalIp: '10.0.0.4' }
  await happen('00:00', 'NodeObserved', node)
  const web = { claim: 'games/web-0', generation: 1 }
  await happen(
    '00:01',
    'PodObserved',
    pod('games/web-0', 'uid-1', { attributes: '{}', deletePolicy: 'Never' }),
  )
  const allocation = await intent()
  await happen('00:05', 'AllocationCompleted', {
    ...web,
    intentId: allocation,
    allocationId: allocation,
    addresses: [{ addressId: 'eip-1', publicIp: '203.0.113.1' }],
    requestId: '',
  })
  const bindingId = await intent()
  await happen('00:10', 'AddressBound', {
    ...web,
    intentId: bindingId,
    addressId: 'eip-1',
    publicIp: '203.0.113.1',
    podUid: 'uid-1',
    node: 'n1',
    privateIp: '10.0.0.1',
    networkInterfaceId: 'eni-1',
    requestId: '',
  })
  await happen('00:50', 'PodEnded', { claim: 'games/web-0', podUid: 'uid-1', reason: 'Deleted' })
  await happen('01:00', 'AddressUnbound', {
    ...web,
    intentId: await intent(),
    addressId: 'eip-1',
    bindingId,
    node: 'n1',
    requestId: '',
  })
  await happen('02:00', 'PodObserved', pod('default/bot', 'uid-2', { attributes: 'what?' }))
  await happen('03:00', 'PodEnded', { claim: 'default/bot', podUid: 'uid-2', reason: 'Deleted' })
  app = createApi({ log, readModels })
})

afterAll(async () => {
  for (const cleanup of cleanups) await cleanup()
})

async function ask(path: string): Promise<{ status: number; body: never }> {
  const answer = await app.request(path)
  return { status: answer.status, body: (await answer.json()) as never }
}

describe('claims', () => {
  const keys = async (path: string) => (await ask(path)).body as { key: string; phase: string }[]

  test('the open ones; all; those of a namespace', async () => {
    expect(await keys('/api/claims')).toMatchObject([{ key: 'games/web-0', phase: 'Retained' }])
    expect(await keys('/api/claims?all=true')).toMatchObject([
      { key: 'default/bot', phase: 'Released' },
      { key: 'games/web-0', phase: 'Retained' },
    ])
    expect(await keys('/api/claims?all=true&namespace=default')).toMatchObject([{ key: 'default/bot' }])
    expect(await keys('/api/claims?namespace=nowhere')).toEqual([])
  })

  test('one claim with what it held', async () => {
    expect(await ask('/api/claims/games/web-0')).toMatchObject({
      status: 200,
      body: {
        claim: { key: 'games/web-0', address: { id: 'eip-1', publicIp: '203.0.113.1' } },
        holdings: [{ addressId: 'eip-1', podUid: 'uid-1', node: 'n1' }],
      },
    })
  })

  test('an unknown one is 404 with a sentence', async () => {
    expect(await ask('/api/claims/games/nobody')).toEqual({
      status: 404,
      body: { error: 'No claim games/nobody is known.' },
    })
  })
})

describe('events', () => {
  const positions = async (path: string) =>
    ((await ask(path)).body as { events: { position: number }[] }).events.map((e) => e.position)

  test('of one claim in order, and after a version', async () => {
    const all = (await ask('/api/claims/games/web-0/events')).body as { type: string; version: number }[]
    expect(all.map((e) => e.version)).toEqual(all.map((_, i) => i + 1))
    expect(all[0]).toMatchObject({ type: 'PodObserved', stream: 'claim/games/web-0' })
    const later = (await ask('/api/claims/games/web-0/events?after=3')).body as { version: number }[]
    expect(later[0]!.version).toBe(4)
    expect((await ask('/api/claims/games/nobody/events')).body).toEqual([])
  })

  test('of the whole log: with its head, by page and by type', async () => {
    const { head, events } = (await ask('/api/events')).body as { head: number; events: unknown[] }
    expect(events).toHaveLength(head)
    expect(await positions('/api/events?after=2&limit=3')).toEqual([3, 4, 5])
    expect(await positions('/api/events?limit=999999')).toHaveLength(head)
    const bound = (await ask('/api/events?type=AddressBound')).body as { events: unknown[] }
    expect(bound.events).toMatchObject([{ type: 'AddressBound', data: { addressId: 'eip-1' } }])
  })

  test.each([
    ['/api/claims/games/web-0/events?after=soon', 'after is not a whole number; give a stream version.'],
    ['/api/events?after=-1', 'after and limit are whole numbers.'],
    ['/api/events?limit=1.5', 'after and limit are whole numbers.'],
    ['/api/events?after=9999999999999999', 'after and limit are whole numbers.'],
  ])('%s is refused in one sentence', async (path, error) => {
    expect(await ask(path)).toEqual({ status: 400, body: { error } })
  })
})

describe('who held an address', () => {
  const held = [
    {
      addressId: 'eip-1',
      publicIp: '203.0.113.1',
      claim: 'games/web-0',
      podUid: 'uid-1',
      from: '2026-01-01T00:00:10.000Z',
      to: '2026-01-01T00:01:00.000Z',
    },
  ]

  test.each([
    ['ever, by IP', '203.0.113.1/holdings', held],
    ['ever, by id', 'eip-1/holdings', held],
    ['in between', '203.0.113.1/holdings?at=2026-01-01T00:00:30Z', held],
    ['in between, as another zone says it', '203.0.113.1/holdings?at=2026-01-01T08:00:30%2B08:00', held],
    ['at its first moment', '203.0.113.1/holdings?at=2026-01-01T00:00:10Z', held],
    ['at its end nobody does', '203.0.113.1/holdings?at=2026-01-01T00:01:00Z', []],
    ['another address: nobody', '203.0.113.9/holdings', []],
  ])('%s', async (_, path, expected) => {
    expect(await ask(`/api/addresses/${path}`)).toMatchObject({ status: 200, body: expected })
  })

  test('a moment that is none is refused in one sentence', async () => {
    expect(await ask('/api/addresses/eip-1/holdings?at=noon')).toEqual({
      status: 400,
      body: { error: 'at is not a time; give one such as 2026-01-31T12:00:00Z.' },
    })
  })
})

test('nodes with their limits', async () => {
  expect((await ask('/api/nodes')).body).toMatchObject([
    { name: 'n1', instanceId: 'ins-1', limit: eipLimit(4) },
  ])
})

test('a path that leads nowhere is 404 with a sentence, whatever is in it', async () => {
  expect(await ask('/api/nothing')).toEqual({
    status: 404,
    body: { error: 'There is nothing at /api/nothing.' },
  })
})
