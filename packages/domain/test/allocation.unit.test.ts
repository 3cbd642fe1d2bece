import { describe, expect, test } from 'vitest'
import {
  type AllocationPace,
  type DomainEvent,
  decideWorld,
  emptyKeys,
  emptyWorld,
  foldEvent,
  keysOf,
  type NewDomainEvent,
  newEvent,
} from '../src/index.ts'
import { podObserved } from '../src/testing/pod-observed.ts'

const begin = Date.parse('2026-01-01T00:00:00Z')

/** Claims that ask at the same moment, decided about in one step, as a projector does. */
function tellSteps() {
  const world = emptyWorld()
  const log: DomainEvent[] = []
  let ids = 0
  let uids = 0

  const fold = (event: NewDomainEvent, now: string) => {
    const recorded = {
      ...event,
      position: log.length + 1,
      occurredAt: now,
      correlationId: 'c',
    } as DomainEvent
    log.push(recorded)
    foldEvent(world, recorded)
    return recorded
  }
  const allocations = () =>
    [...world.intents.values()]
      .filter((intent) => intent.action === 'allocate')
      .map((intent) => intent.members.map((member) => member.claim))

  return {
    world,
    log,
    allocations,
    /** One step: the facts are folded, then everything they touch is decided about. */
    step(events: NewDomainEvent[], options: { atMs?: number; pace?: AllocationPace; again?: string[] } = {}) {
      const now = new Date(begin + (options.atMs ?? 0)).toISOString()
      const touched = emptyKeys()
      for (const event of events) keysOf(fold(event, now), touched)
      const claims = [...touched.claims, ...(options.again ?? [])]
      const context = { now, nextId: () => `id-${++ids}`, settings: { claimExpiredMs: null, cascade: false } }
      const decided = decideWorld(world, claims, touched.nodes, log.length, context, options.pace)
      for (const d of decided.decisions) {
        log.push({ ...d.event, position: d.position, occurredAt: now, correlationId: 'c' } as DomainEvent)
      }
      return { types: decided.decisions.map((d) => d.event.type), held: decided.held }
    },
    pod(claim: string, attributes = '{}') {
      uids += 1
      return newEvent('PodObserved', podObserved({ claim, podUid: `uid-${uids}`, request: { attributes } }))
    },
    about(claim: string) {
      const { generation, intent } = world.claims.get(claim)!
      return { claim, generation, intentId: intent!.id }
    },
    /** The log folded anew. */
    replayed() {
      const again = emptyWorld()
      for (const event of log) foldEvent(again, event)
      return again
    },
  }
}

const names = (count: number) => Array.from({ length: count }, (_, i) => `ns/web-${i}`)
const word = { code: 'AddressQuotaLimitExceeded', message: 'No.', requestId: 'r' }

describe('who is allocated for together', () => {
  test('claims of like attributes that are decided about in one step, up to 20', () => {
    const story = tellSteps()
    story.step(names(45).map((name) => story.pod(name)))
    expect(story.allocations().map((members) => members.length)).toEqual([20, 20, 5])
    expect(story.allocations().flat()).toEqual(names(45))
    expect(story.replayed()).toEqual(story.world)
  })

  test('unlike attributes, tags and names are not joined; how they are written does not matter', () => {
    const story = tellSteps()
    story.step([
      story.pod('ns/a', '{"Bandwidth":"10","ISP":"BGP"}'),
      story.pod('ns/b', '{"InternetServiceProvider":"BGP","InternetMaxBandwidthOut":10}'),
      story.pod('ns/c', '{"Bandwidth":"11"}'),
      story.pod('ns/d', '{"Bandwidth":"10","Tags":[{"Key":"team","Value":"games"}]}'),
      story.pod('ns/e', '{"Bandwidth":"10","AddressName":"mine"}'),
    ])
    expect(story.allocations()).toEqual([['ns/a', 'ns/b'], ['ns/c'], ['ns/d'], ['ns/e']])
  })

  test('after a quiet time one goes out at once; what follows soon waits for company, a full one does not', () => {
    const story = tellSteps()
    const pace = { at: new Date(begin).toISOString(), claims: 4 }
    expect(story.step([story.pod('ns/late')], { atMs: 60_000, pace }).held).toEqual([])
    expect(story.step([story.pod('ns/soon')], { atMs: 1_100, pace })).toEqual({
      types: ['ClaimOpened', 'RequestAccepted'],
      held: ['ns/soon'],
    })
    const full = story.step(
      names(20).map((name) => story.pod(name)),
      { atMs: 1_100, pace },
    )
    expect(full.held).toEqual([])
    expect(story.step([], { atMs: 3_000, pace, again: ['ns/soon'] }).types).toEqual(['AllocationDecided'])
  })
})

describe('what comes of it', () => {
  test('each member has its own outcome, and the call is done with the last of them', () => {
    const story = tellSteps()
    story.step(names(2).map((name) => story.pod(name)))
    const [intent] = [...story.world.intents.values()]
    const outcomes = names(2).map((name, i) =>
      newEvent('AllocationCompleted', {
        ...story.about(name),
        allocationId: intent!.id,
        addresses: [{ addressId: `eip-${i}`, publicIp: `203.0.113.${i}` }],
        requestId: 'r',
      }),
    )
    story.step([outcomes[0]!])
    expect(story.world.intents.get(intent!.id)!.status).toBe('pending')
    story.step([outcomes[1]!])
    expect(story.world.intents.get(intent!.id)!.status).toBe('done')
    expect(names(2).map((name) => story.world.claims.get(name)!.address!.id)).toEqual(['eip-0', 'eip-1'])
  })

  test('it is called off when no member wants it any more', () => {
    const story = tellSteps()
    story.step(names(2).map((name) => story.pod(name)))
    const end = (name: string) => {
      const { uid } = story.world.claims.get(name)!.pod!
      return newEvent('PodEnded', { claim: name, podUid: uid, reason: 'Deleted' })
    }
    const status = () => [...story.world.intents.values()].map((intent) => intent.status)
    story.step([end('ns/web-0')])
    expect(status()).toEqual(['pending'])
    story.step([end('ns/web-1')])
    expect(status()).toEqual(['cancelled'])
    story.step(names(2).map((name) => newEvent('AllocationAbandoned', story.about(name))))
    expect(status()).toEqual(['done'])
    expect(names(2).map((name) => story.world.claims.get(name)!.phase)).toEqual(['Released', 'Released'])
  })

  test('what cannot be had as a whole is tried in halves, then alone, and counts from anew afterwards', () => {
    const story = tellSteps()
    story.step(names(20).map((name) => story.pod(name)))
    const splitAll = () => {
      const open = [...story.world.intents.values()].filter((intent) => intent.status === 'pending')
      const split = open.flatMap((intent) =>
        intent.members.map(({ claim }) =>
          newEvent('AllocationSplit', {
            ...story.about(claim),
            ...word,
            allocationId: intent.id,
            members: intent.members.length,
          }),
        ),
      )
      // However soon it is: those of a split allocation wait for nobody.
      story.step(split, { pace: { at: new Date(begin).toISOString(), claims: 20 } })
      return [...story.world.intents.values()]
        .filter((intent) => intent.status === 'pending')
        .map((intent) => intent.members.length)
    }
    expect(splitAll()).toEqual([10, 10])
    expect(splitAll()).toEqual(Array(20).fill(1))
    for (const name of names(20)) {
      const { intentId: allocationId } = story.about(name)
      story.step([
        newEvent('AllocationCompleted', {
          ...story.about(name),
          allocationId,
          addresses: [{ addressId: `eip-${name}`, publicIp: '203.0.113.1' }],
          requestId: 'r',
        }),
      ])
      expect(story.world.claims.get(name)!.allocateAtMost).toBeNull()
    }
    expect(story.replayed()).toEqual(story.world)
  })

  test('EIPs beyond what was asked for are released, and the claim keeps its own', () => {
    const story = tellSteps()
    story.step([story.pod('ns/a')])
    const { intentId: allocationId } = story.about('ns/a')
    const addresses = ['own', 'more', 'most'].map((id, i) => ({
      addressId: `eip-${id}`,
      publicIp: `203.0.113.${i}`,
    }))
    const brought = newEvent('AllocationCompleted', {
      ...story.about('ns/a'),
      allocationId,
      addresses,
      requestId: 'r',
    })
    expect(story.step([brought]).types).toEqual(['ReleaseDecided'])
    const released = (addressId: string) =>
      story.step([newEvent('AddressReleased', { ...story.about('ns/a'), addressId, requestId: 'r' })])
    expect(released('eip-more').types).toEqual(['ReleaseDecided'])
    expect(story.log.at(-1)!.data).toMatchObject({ addressId: 'eip-most', cause: 'Surplus', allocationId })
    expect(released('eip-most').types).toEqual([])
    expect(story.world.claims.get('ns/a')).toMatchObject({
      phase: 'Allocated',
      address: { id: 'eip-own' },
      surplus: [],
      intent: null,
    })
  })
})
