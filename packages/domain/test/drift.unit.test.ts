import { describe, expect, test } from 'vitest'
import { type Claim, type Drift, describeClaim, driftOf, type ShownAddress } from '../src/index.ts'
import { tellStory } from './story.ts'

const key = 'default/web-0'

/** A claim whose EIP is bound to 10.0.0.5 on node n1. */
function bound(deletePolicy?: string) {
  const story = tellStory()
  story.node('n1')
  const request = { attributes: '{}', ...(deletePolicy && { deletePolicy }) }
  story.pod(key, 'uid-a', { node: 'n1', privateIp: '10.0.0.5', request })
  story.cloudDoes(key)
  story.cloudDoes(key)
  expect(story.claimOf(key).phase).toBe('Bound')
  const find = (drift: Drift, at: Claim = story.claimOf(key)) =>
    story.happen('AddressDrifted', {
      ...{ claim: key, generation: at.generation, addressId: at.address!.id, publicIp: at.address!.publicIp },
      source: at.address!.source,
      binding: at.binding && {
        ...{ id: at.binding.id, node: at.binding.node },
        ...{ privateIp: at.binding.privateIp, podUid: at.binding.podUid },
      },
      drift,
    })
  return { story, find }
}
const elsewhere: Drift = {
  ...{ kind: 'BoundElsewhere', instanceId: 'ins-9' },
  ...{ networkInterfaceId: 'eni-9', privateIp: '10.0.0.9' },
}

describe('what is done about an EIP that somebody changed', () => {
  test.each<[string, Drift]>([
    ['unbound', { kind: 'Unbound' }],
    ['bound elsewhere', elsewhere],
  ])('%s: its holding ends, and it is bound to its Pod again', (_, drift) => {
    const { story, find } = bound()
    const former = story.claimOf(key).binding!
    const eip = story.claimOf(key).address!.id
    expect(find(drift)).toMatchObject([
      { type: 'BindingDecided', data: { addressId: eip, podUid: 'uid-a', privateIp: '10.0.0.5' } },
    ])
    expect(story.world.holdings.get(former.id)!.to).not.toBe('')
    expect(story.world.nodes.get('n1')!.holders).toHaveLength(1)
    story.cloudDoes(key)
    expect(story.claimOf(key)).toMatchObject({ phase: 'Bound', address: { id: eip } })
    expect([...story.world.holdings.values()].filter(({ to }) => to === '')).toHaveLength(1)
  })

  test('released: the generation ends, and its Pod gets another one', () => {
    const { story, find } = bound('Never')
    const eip = story.claimOf(key).address!.id
    expect(find({ kind: 'Released' }).map(({ type }) => type)).toEqual([
      ...['ClaimClosed', 'ClaimOpened', 'RequestAccepted', 'AllocationDecided'],
    ])
    expect(story.world.addresses.get(eip)!.releasedAt).not.toBe('')
    story.cloudDoes(key)
    expect(story.claimOf(key)).toMatchObject({ generation: 2, phase: 'Binding' })
    expect(story.claimOf(key).address!.id).not.toBe(eip)
  })

  test('a kept EIP that was released is kept no more, and nothing is released', () => {
    const { story, find } = bound('Never')
    story.ended(key, 'uid-a')
    story.cloudDoes(key)
    expect(story.claimOf(key).phase).toBe('Retained')
    expect(find({ kind: 'Released' })).toMatchObject([
      { type: 'ClaimClosed', data: { cause: 'AddressGone' } },
    ])
  })

  describe('a kept EIP that somebody has bound to something', () => {
    const shown = { addressId: 'eip', status: 'BIND_ENI', instanceId: 'ins-9', networkInterfaceId: 'eni-9' }
    const taken: ShownAddress = { ...shown, privateIpAddress: '10.0.0.9' }
    const later = Date.parse('2027-01-01T00:00:00Z')
    const kept = () => {
      const of = bound('Never')
      of.story.ended(key, 'uid-a')
      of.story.cloudDoes(key)
      return of
    }
    const ready = (claim: Claim) =>
      describeClaim(claim).status.conditions.find(({ type }) => type === 'Ready')

    test('is told once, stays kept and is not touched', () => {
      const { story, find } = kept()
      expect(driftOf(story.claimOf(key), taken, later)).toEqual(elsewhere)
      expect(find(elsewhere)).toEqual([])
      expect(driftOf(story.claimOf(key), taken, later)).toBeNull()
      expect(story.claimOf(key).phase).toBe('Retained')
      expect(ready(story.claimOf(key))).toMatchObject({
        reason: 'AddressBoundElsewhere',
        message: expect.stringContaining('10.0.0.9, eni-9, ins-9'),
      })
    })

    test('moved on, or unbound there: that is told too', () => {
      const { story, find } = kept()
      find(elsewhere)
      expect(driftOf(story.claimOf(key), { ...taken, privateIpAddress: '10.0.0.8' }, later)).toMatchObject({
        ...{ kind: 'BoundElsewhere', privateIp: '10.0.0.8' },
      })
      const free: ShownAddress = { ...taken, status: 'UNBIND', privateIpAddress: null }
      expect(driftOf(story.claimOf(key), free, later)).toEqual({ kind: 'Unbound' })
      expect(find({ kind: 'Unbound' })).toEqual([])
      expect(driftOf(story.claimOf(key), free, later)).toBeNull()
      expect(ready(story.claimOf(key))?.reason).toBe('Retained')
    })

    test('is forgotten once the next Pod has it', () => {
      const { story, find } = kept()
      find(elsewhere)
      const request = { attributes: '{}', deletePolicy: 'Never' }
      story.pod(key, 'uid-b', { node: 'n1', privateIp: '10.0.0.6', request })
      story.cloudDoes(key)
      expect(story.claimOf(key)).toMatchObject({ phase: 'Bound', takenTo: null })
    })
  })

  test('it was found of a claim that has moved on meanwhile: nothing comes of it', () => {
    const { story, find } = bound()
    const then = story.claimOf(key)
    story.ended(key, 'uid-a')
    expect(story.claimOf(key).phase).toBe('Unbinding')
    expect(find({ kind: 'Unbound' }, then)).toEqual([])
    expect(story.claimOf(key).phase).toBe('Unbinding')
  })
})

describe('an EIP of ours that no claim has', () => {
  const orphan = { claim: key, generation: 1, addressId: 'eip-late', publicIp: '203.0.113.99' }
  const found = { ...orphan, allocationId: 'id-1', seenSince: '2026-01-01T00:00:00.000Z' }

  test('goes back by way of the claim that it was allocated for, which keeps its own', () => {
    const { story } = bound()
    const own = story.claimOf(key).address!.id
    expect(story.happen('OrphanFound', found)).toMatchObject([
      { type: 'ReleaseDecided', data: { addressId: 'eip-late', cause: 'Surplus' } },
    ])
    story.happen('AddressReleased', {
      ...{ claim: key, generation: 1, intentId: story.claimOf(key).intent!.id },
      ...{ addressId: 'eip-late', requestId: 'r' },
    })
    expect(story.claimOf(key)).toMatchObject({ phase: 'Bound', address: { id: own }, surplus: [] })
    expect(story.world.addresses.get('eip-late')!.releasedAt).not.toBe('')
  })

  test('also when the claim is over', () => {
    const { story } = bound()
    story.ended(key, 'uid-a')
    story.cloudDoes(key)
    story.cloudDoes(key)
    expect(story.claimOf(key).phase).toBe('Released')
    expect(story.happen('OrphanFound', found)).toMatchObject([{ type: 'ReleaseDecided' }])
    expect(story.claimOf(key).phase).toBe('Released')
  })

  test('the guard on releases counts it', () => {
    const guard = {
      windowMs: 600_000,
      missedCount: 10,
      missedShare: 0.3,
      releases: 1,
      releasedShare: null,
      fewReleases: 10,
    }
    const story = tellStory({ claimExpiredMs: null, cascade: false, guard })
    story.pod(key, 'uid-a', { request: { attributes: '{}' } })
    story.cloudDoes(key)
    story.ended(key, 'uid-a')
    story.cloudDoes(key)
    expect(story.claimOf(key).phase).toBe('Released')
    expect(story.happen('OrphanFound', found).map(({ type }) => type)).toEqual(['GuardClosed', 'ReclaimHeld'])
  })
})

describe('what differs between the cloud and the log', () => {
  const settled = (claim: Claim) => Date.parse(claim.phaseSince) + 120_000
  const shown = (claim: Claim, facts: Partial<ShownAddress> = {}): ShownAddress => ({
    ...{ addressId: claim.address!.id, status: 'BIND_ENI', instanceId: 'ins-n1' },
    ...{ networkInterfaceId: 'eni-1', privateIpAddress: '10.0.0.5', ...facts },
  })

  test.each<[string, Partial<ShownAddress> | null, Drift['kind'] | null]>([
    ['bound where it should be', {}, null],
    ['bound where it should be, as BIND', { status: 'BIND' }, null],
    ['unbound', { status: 'UNBIND', privateIpAddress: null }, 'Unbound'],
    ['on another address', { privateIpAddress: '10.0.0.6' }, 'BoundElsewhere'],
    ['on another interface', { networkInterfaceId: 'eni-2' }, 'BoundElsewhere'],
    ['on its way', { status: 'UNBINDING' }, null],
    ['being released', { status: 'OFFLINING' }, 'Released'],
    ['not there', null, 'Released'],
  ])('%s', (_, facts, kind) => {
    const claim = bound().story.claimOf(key)
    expect(driftOf(claim, facts ? shown(claim, facts) : undefined, settled(claim))?.kind ?? null).toBe(kind)
  })

  test('what was done a moment ago may not be shown yet', () => {
    const claim = bound().story.claimOf(key)
    expect(driftOf(claim, undefined, Date.parse(claim.phaseSince) + 60_000)).toBeNull()
  })

  test('after its Pod the cloud unbinds by itself', () => {
    const { story } = bound()
    story.ended(key, 'uid-a')
    expect(driftOf(story.claimOf(key), undefined, settled(story.claimOf(key)))).toBeNull()
  })
})
