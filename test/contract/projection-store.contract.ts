import { type Intent, modelVersion, type NewDomainEvent, newEvent, streamOf } from '@pod-eip/domain'
import { podObserved } from '@pod-eip/domain/testing'
import type { EventLog, NewEvent } from '@pod-eip/event-log'
import {
  createMemoryModels,
  hashModels,
  type ProjectionStore,
  projectorCheckpoint,
  type ReadModels,
  replayLog,
} from '@pod-eip/read-models'
import { seededIds, seededRandom } from '@pod-eip/runtime'
import { beforeEach, describe, expect, test } from 'vitest'

export interface ProjectionFixture {
  log: EventLog
  store: ProjectionStore
  readModels: ReadModels
  /** Writes another public address into the record of each EIP, and a claim that never was, as a build with other rules may have. */
  spoil(): Promise<void>
}

const ids = seededIds(seededRandom(7))
/** Cascade reclaim, where a test switches it on. */
let cascade = false
const context = {
  now: '2026-03-01T00:00:00.000Z',
  nextId: () => ids.next(),
  get settings() {
    return { claimExpiredMs: null, cascade }
  },
}

/** What every projection store with its read models promises. `open` gives a fresh, empty one. */
export function projectionStoreContract(open: () => Promise<ProjectionFixture>): void {
  let fixture: ProjectionFixture
  let version = 100
  beforeEach(async () => {
    cascade = false
    fixture = await open()
  })

  const append = (...events: NewDomainEvent[]) => fixture.log.append(events.map(envelope))
  async function project(sizes = { maxEvents: 1000, maxClaims: 1000 }): Promise<Intent[]> {
    const intents: Intent[] = []
    for (let now = context.now; ; ) {
      const report = await fixture.store.advance(sizes, { ...context, now })
      intents.push(...report.intents)
      if (!report.more && report.dueAt === null) return intents
      // What waits for company is decided once its time has come.
      if (report.dueAt !== null) now = new Date(report.dueAt).toISOString()
    }
  }
  const pod = (claim: string, podUid: string, facts: object = {}) =>
    newEvent(
      'PodObserved',
      podObserved({
        ...{ claim, podUid, resourceVersion: String(++version), node: 'n1', createdAt: context.now },
        privateIp: `10.0.0.${version}`,
        ...facts,
      }),
    )
  const node = (cpu = 48) =>
    newEvent('NodeObserved', {
      node: 'n1',
      nodeUid: 'u1',
      resourceVersion: String(++version),
      instanceId: 'ins-1',
      cpu,
      internalIp: '10.0.0.4',
    })
  /** Answers every open intent as a cloud that does what it is told. */
  async function answerIntents(): Promise<number> {
    const open = await fixture.readModels.openIntents()
    if (open.length > 0) await append(...open.flatMap(success))
    return open.length
  }
  async function settle(): Promise<void> {
    do await project()
    while ((await answerIntents()) > 0)
  }
  async function expectReplayIdentical(): Promise<void> {
    const { world, folded } = await replayLog(fixture.log, await fixture.readModels.position())
    const replayed = createMemoryModels(() => folded, world)
    expect(await hashModels(replayed)).toEqual(await hashModels(fixture.readModels))
  }

  test('folds, decides, and records the decision with its cause', async () => {
    await append(node(), pod('ns/a', 'a'))
    const [intent] = await project()
    expect(intent).toMatchObject({ action: 'allocate', claim: 'ns/a', status: 'pending' })
    const decided = await fixture.log.read({ after: 2, limit: 10 })
    expect(decided.map((e) => e.type)).toEqual(['ClaimOpened', 'RequestAccepted', 'AllocationDecided'])
    expect(decided[0]).toMatchObject({ actor: 'projector', causationPosition: 2, stream: 'claim/ns/a' })
    expect(await fixture.readModels.position()).toBe(await fixture.log.head())
  })

  test('only folds where that is asked for; the next step decides what is left', async () => {
    await append(node(), pod('ns/a', 'a'))
    const report = await fixture.store.advance({ maxEvents: 1000, maxClaims: 1000, foldOnly: true }, context)
    expect(report).toMatchObject({ folded: 2, decided: 0, position: 2, more: true })
    expect(await fixture.log.head()).toBe(2)
    expect(await fixture.readModels.claim('ns/a')).toMatchObject({ pod: { uid: 'a' } })
    expect((await project()).map(({ action }) => action)).toEqual(['allocate'])
    await expectReplayIdentical()
  })

  test('an end that an operator denies is taken back, with its node and its queue as they were (I8)', async () => {
    const guard = {
      windowMs: 600_000,
      missedCount: 0,
      missedShare: 0,
      releases: null,
      releasedShare: null,
      fewReleases: 10,
    }
    const careful = { ...context, settings: { ...context.settings, guard } }
    const advance = () => fixture.store.advance({ maxEvents: 1000, maxClaims: 1000 }, careful)
    await append(node(), pod('ns/a', 'a'))
    await settle()
    const missed = { reason: 'Missed', listVersion: String(version + 100) } as const
    await append(newEvent('PodEnded', { claim: 'ns/a', podUid: 'a', ...missed }))
    await advance()
    expect(await fixture.readModels.claim('ns/a')).toMatchObject({
      phase: 'Bound',
      hold: { guard: 'absence' },
    })
    expect(await fixture.readModels.guard('absence')).toMatchObject({
      livePods: 0,
      held: [{ claim: 'ns/a' }],
    })
    expect(await fixture.readModels.claims({ live: true })).toHaveLength(1)
    const upTo = await fixture.readModels.position()
    await append(newEvent('GuardDenied', { guard: 'absence', upTo, by: 'bob' }))
    await advance()
    expect(await fixture.readModels.claim('ns/a')).toMatchObject({
      phase: 'Bound',
      hold: null,
      pod: { ended: null },
    })
    expect(await fixture.readModels.guard('absence')).toMatchObject({ livePods: 1, closed: null, held: [] })
    await append(pod('ns/b', 'b'))
    await advance()
    expect(await fixture.readModels.node('n1')).toMatchObject({ uid: 'u1', holders: [{ claim: 'ns/a' }] })
    await expectReplayIdentical()
  })

  test('who has waited for company comes before who has just come', async () => {
    await append(node(), pod('ns/first', 'f'))
    await project()
    await append(pod('ns/z', 'z'))
    const report = await fixture.store.advance({ maxEvents: 1000, maxClaims: 1000 }, context)
    expect(report.dueAt).not.toBeNull()
    await append(pod('ns/a', 'a'))
    await project()
    const decided = await fixture.log.read({ after: 0, limit: 100, types: ['AllocationDecided'] })
    expect(decided.map(({ data }) => data.claim)).toEqual(['ns/first', 'ns/z', 'ns/a'])
  })

  test('decides nothing twice', async () => {
    await append(node(), pod('ns/a', 'a'))
    await project()
    const head = await fixture.log.head()
    await project()
    expect(await fixture.log.head()).toBe(head)
  })

  test('two projectors at once fold and decide everything once', async () => {
    await append(node(), ...Array.from({ length: 40 }, (_, i) => pod(`ns/p-${i}`, `uid-${i}`)))
    await Promise.all([project({ maxEvents: 7, maxClaims: 3 }), project({ maxEvents: 5, maxClaims: 4 })])
    const decided = await fixture.log.read({ after: 0, limit: 1000, types: ['AllocationDecided'] })
    expect(new Set(decided.map((e) => e.stream)).size).toBe(40)
    expect(decided).toHaveLength(40)
    await expectReplayIdentical()
  })

  test('small steps come to the same end as one', async () => {
    await append(
      node(),
      pod('ns/a', 'a', { request: { attributes: '', deletePolicy: 'Never' } }),
      pod('ns/b', 'b'),
    )
    do await project({ maxEvents: 1, maxClaims: 1 })
    while ((await answerIntents()) > 0)
    expect((await fixture.readModels.claims()).map((c) => c.phase)).toEqual(['Bound', 'Bound'])
    await expectReplayIdentical()
  })

  test('a replay from position 0 gives the same read models, byte for byte', async () => {
    await append(node(6), ...[1, 2, 3, 4].map((i) => pod(`ns/p-${i}`, `u-${i}`)))
    await settle()
    await append(newEvent('PodEnded', { claim: 'ns/p-1', podUid: 'u-1', reason: 'Deleted' }))
    await append(pod('ns/p-2', 'u-2b'))
    await settle()
    await expectReplayIdentical()
  })

  test('read models that an older build wrote are rebuilt from the log before anything is folded into them', async () => {
    await append(node(), pod('ns/a', 'a'))
    await settle()
    await fixture.spoil()
    const { position, state } = await fixture.log.checkpoints.load(projectorCheckpoint)
    await fixture.log.checkpoints.save(projectorCheckpoint, position, { ...state, model: modelVersion })
    await project()
    await expect(expectReplayIdentical()).rejects.toThrow()

    await fixture.log.checkpoints.save(projectorCheckpoint, position, { ...state, model: modelVersion - 1 })
    await project()
    await expectReplayIdentical()
    expect((await fixture.log.checkpoints.load(projectorCheckpoint)).state).toMatchObject({
      model: modelVersion,
    })
    await append(newEvent('PodEnded', { claim: 'ns/a', podUid: 'a', reason: 'Deleted' }))
    await settle()
    await expectReplayIdentical()
  })

  test('the end of an owner reaches its claims, and no other, however small the steps', async () => {
    cascade = true
    const owner = (uid: string) => ({ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid })
    const kept = { request: { attributes: '', deletePolicy: 'Never' } }
    const owned = (uid: string) => ({ ...kept, controller: owner(uid), owner: owner(uid) })
    const claims = ['ns/a', 'ns/b', 'ns/c']
    await append(node(), ...claims.map((key) => pod(key, key, owned(key === 'ns/c' ? 'other' : 'web'))))
    await settle()
    await append(...claims.map((claim) => newEvent('PodEnded', { claim, podUid: claim, reason: 'Deleted' })))
    await settle()
    const living = async () => (await fixture.readModels.claimsOfLivingOwners()).map(({ key }) => key)
    expect(await living()).toEqual(claims)
    const page = { after: 'ns/a', limit: 1 }
    expect((await fixture.readModels.claimsOfLivingOwners(page)).map(({ key }) => key)).toEqual(['ns/b'])
    expect((await fixture.readModels.claims({ open: true }, page)).map(({ key }) => key)).toEqual(['ns/b'])
    expect(await fixture.readModels.claims({}, { after: 'ns/c', limit: 1 })).toEqual([])

    await append(newEvent('OwnerEnded', { owner: owner('web'), namespace: 'ns', reason: 'Deleted' }))
    await project({ maxEvents: 1, maxClaims: 1 })
    const decided = await fixture.log.read({ after: 0, limit: 1000, types: ['ReleaseDecided'] })
    expect(decided.map(({ data }) => [data.claim, data.cause])).toEqual([
      ['ns/a', 'OwnerEnded'],
      ['ns/b', 'OwnerEnded'],
    ])
    expect(await living()).toEqual(['ns/c'])
    expect((await fixture.readModels.claims({ owner: 'web', open: true })).map(({ key }) => key)).toEqual([
      'ns/a',
      'ns/b',
    ])
    expect(await fixture.readModels.owner('web')).toMatchObject({ name: 'web', end: 'Deleted' })
    expect(await fixture.readModels.owner('other')).toBeNull()
    await settle()
    await expectReplayIdentical()
  })

  test('an order to tear the cluster down reaches every claim, however small the steps', async () => {
    await append(node(), ...['ns/a', 'ns/b', 'ns/c'].map((key) => pod(key, key)))
    await settle()
    await append(newEvent('PodEnded', { claim: 'ns/c', podUid: 'ns/c', reason: 'Deleted' }))
    await settle()
    expect(await fixture.readModels.cluster()).toMatchObject({ teardown: null })
    await append(newEvent('TeardownOrdered', { cluster: 'cls-1', by: 'Ann' }))
    await project({ maxEvents: 1, maxClaims: 1 })
    const decided = await fixture.log.read({ after: 0, limit: 1000, types: ['UnbindingDecided'] })
    expect(decided.map(({ data }) => [data.claim, data.cause])).toEqual([
      ['ns/c', 'PodEnded'],
      ['ns/a', 'Teardown'],
      ['ns/b', 'Teardown'],
    ])
    expect(await fixture.readModels.cluster()).toMatchObject({ teardown: { cluster: 'cls-1', by: 'Ann' } })
    await settle()
    expect((await fixture.readModels.addresses()).filter(({ releasedAt }) => releasedAt === '')).toEqual([])
    await expectReplayIdentical()
  })

  test("an EIP of the user's goes from claim to claim in order, however small the steps", async () => {
    const listed = { request: { idList: 'eip-mine' } }
    await append(node(), ...['a', 'b', 'c'].map((name) => pod(`ns/${name}`, `uid-${name}`, listed)))
    const steps = { maxEvents: 1, maxClaims: 1 }
    const settle = async () => {
      for (await project(steps); (await answerIntents()) > 0; ) await project(steps)
    }
    await settle()
    const listing = () => fixture.readModels.listing('eip-mine')
    expect(await listing()).toMatchObject({ holder: { claim: 'ns/a' }, waiting: ['ns/b', 'ns/c'] })
    await append(newEvent('PodEnded', { claim: 'ns/a', podUid: 'uid-a', reason: 'Deleted' }))
    await settle()
    expect(await listing()).toMatchObject({ holder: { claim: 'ns/b' }, waiting: ['ns/c'] })
    expect(await fixture.readModels.listing('192.0.2.1')).toEqual(await listing())
    expect(await fixture.readModels.listings()).toHaveLength(1)
    expect(await fixture.readModels.claim('ns/b')).toMatchObject({ phase: 'Bound' })
    const holdings = await fixture.readModels.holdingsOfAddress('eip-mine')
    expect(holdings.map(({ claim }) => claim).sort()).toEqual(['ns/a', 'ns/b'])
    expect(await fixture.readModels.listing('eip-nobody')).toBeNull()
  })

  test('an intent that is called off by a decision is so in its own record, and in a replay', async () => {
    await append(node(), pod('ns/a', 'a'))
    await project()
    await append(newEvent('PodEnded', { claim: 'ns/a', podUid: 'a', reason: 'Deleted' }))
    const changed = await project()
    expect(changed).toMatchObject([{ action: 'allocate', status: 'cancelled' }])
    expect(await fixture.readModels.openIntents()).toMatchObject([{ status: 'cancelled' }])
    await expectReplayIdentical()
  })

  describe('questions', () => {
    beforeEach(async () => {
      await append(node(), pod('ns/a', 'a'), pod('other/b', 'b'))
      await settle()
      await append(newEvent('PodEnded', { claim: 'ns/a', podUid: 'a', reason: 'Deleted' }))
      await settle()
    })

    test('claims, all, open, and of a namespace', async () => {
      const { readModels } = fixture
      expect((await readModels.claims()).map((c) => c.key)).toEqual(['ns/a', 'other/b'])
      expect((await readModels.claims({ open: true })).map((c) => c.key)).toEqual(['other/b'])
      expect((await readModels.claims({ namespace: 'ns' })).map((c) => c.key)).toEqual(['ns/a'])
      expect(await readModels.claim('ns/none')).toBeNull()
    })

    test('claims changed after a position, in order of change', async () => {
      const changed = await fixture.readModels.claimsChangedAfter(0, 10)
      expect(changed.map((c) => c.key)).toEqual(['other/b', 'ns/a'])
      const [first] = changed
      expect(await fixture.readModels.claimsChangedAfter(first!.position, 10)).toHaveLength(1)
    })

    test('who held an address, by EIP id and by address, ever and at a moment', async () => {
      const { readModels } = fixture
      const [held] = await readModels.holdingsOfClaim('ns/a')
      expect(held).toMatchObject({ podUid: 'a', node: 'n1' })
      expect(held!.to).not.toBe('')
      expect(await readModels.holdingsOfAddress(held!.addressId)).toEqual([held])
      expect(await readModels.holdingsOfAddress(held!.publicIp)).toEqual([held])
      const [lasting] = await readModels.holdingsOfClaim('other/b')
      expect(await readModels.holdingsOfAddress(lasting!.publicIp, '2030-01-01T00:00:00Z')).toEqual([lasting])
      expect(await readModels.holdingsOfAddress(lasting!.publicIp, '2020-01-01T00:00:00Z')).toEqual([])
    })

    test('addresses, nodes and intents', async () => {
      const { readModels } = fixture
      const claim = (await readModels.claim('other/b'))!
      expect(await readModels.address(claim.address!.publicIp)).toMatchObject({ id: claim.address!.id })
      expect((await readModels.addresses()).filter((a) => a.releasedAt !== '')).toHaveLength(1)
      expect(await readModels.node('n1')).toMatchObject({ limit: 9, holders: [{ claim: 'other/b' }] })
      expect(await readModels.nodes()).toHaveLength(1)
      expect(await readModels.nodesChangedAfter(0, 5)).toHaveLength(1)
      expect(await readModels.openIntents()).toEqual([])
      expect(await readModels.intent(claim.binding!.id)).toMatchObject({
        action: 'associate',
        status: 'done',
      })
      const { allocationId } = (await readModels.address(claim.address!.id))!
      expect(await readModels.intentOfAllocation(allocationId)).toMatchObject({
        ...{
          action: 'allocate',
          members: expect.arrayContaining([expect.objectContaining({ claim: 'other/b' })]),
        },
      })
      expect(await readModels.intentOfAllocation('another')).toBeNull()
      expect(await readModels.everBoundTo('other/b', claim.binding!.privateIp)).toBe(true)
      expect(await readModels.everBoundTo('other/b', '192.0.2.9')).toBe(false)
      expect(await readModels.everBoundTo('ns/nobody', claim.binding!.privateIp)).toBe(false)
    })
  })
}

function envelope(event: NewDomainEvent): NewEvent {
  return {
    stream: streamOf(event),
    type: event.type,
    schemaVersion: 1,
    occurredAt: context.now,
    actor: 'test',
    correlationId: 'podUid' in event.data ? event.data.podUid : streamOf(event),
    causationPosition: null,
    data: event.data as unknown as NewEvent['data'],
  }
}

function success(intent: Intent): NewDomainEvent[] {
  return intent.members.map((member, i) => successOf(intent, member, i))
}

function successOf(intent: Intent, member: Intent['members'][number], place: number): NewDomainEvent {
  const about = { claim: member.claim, generation: member.generation, intentId: intent.id }
  const { order } = intent
  switch (order.type) {
    case 'AllocationDecided': {
      const addresses = [
        { addressId: `eip-${intent.id}-${place}`, publicIp: `198.51.100.${member.decidedPosition}` },
      ]
      return newEvent('AllocationCompleted', {
        ...about,
        allocationId: order.data.allocationId,
        addresses,
        requestId: '',
      })
    }
    case 'LookupDecided': {
      const free = order.data.addressIds.map((addressId) => ({ addressId, publicIp: '192.0.2.1' }))
      return newEvent('LookupCompleted', { ...about, free, inUse: [], refused: [] })
    }
    case 'BindingDecided': {
      const { addressId, publicIp, podUid, node, privateIp } = order.data
      return newEvent('AddressBound', {
        ...about,
        addressId,
        publicIp,
        podUid,
        node,
        privateIp,
        networkInterfaceId: 'eni-1',
        requestId: '',
      })
    }
    case 'UnbindingDecided': {
      const { addressId, bindingId, node } = order.data
      return newEvent('AddressUnbound', { ...about, addressId, bindingId, node, requestId: '' })
    }
    case 'ReleaseDecided':
      return newEvent('AddressReleased', { ...about, addressId: order.data.addressId, requestId: '' })
  }
}
