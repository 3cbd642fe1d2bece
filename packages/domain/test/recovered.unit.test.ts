import { describe, expect, test } from 'vitest'
import { describeClaim, type EventData } from '../src/index.ts'
import { tellStory } from './story.ts'

const key = 'default/web-0'
const kept = { attributes: '{}', deletePolicy: 'Never' }
const eip = { source: 'auto', id: 'eip-9', publicIp: '203.0.113.9', allocationId: 'a-9' } as const
const nothing = { goneAddressId: '', binding: null, intentId: '', awaitedNode: '', listings: [] }
const place = { node: 'n1', privateIp: '10.0.0.9' }
const binding = {
  ...{ id: 'b-9', podUid: 'uid-b', ...place, instanceId: 'ins-n1', networkInterfaceId: 'eni-9' },
  boundAt: '2025-12-31T00:00:00.000Z',
}

type Recovered = EventData['ClaimRecovered']
const facts = (more: Partial<Recovered> = {}): Recovered => ({
  ...{ claim: key, generation: 1, address: eip, binding, pod: { uid: 'uid-b', ...place } },
  ...{ terms: null, proof: 'EIPClaim', former: nothing, by: 'Ann', ...more },
})

function story() {
  const told = tellStory()
  told.node('n1')
  return told
}

describe('a claim that an older log does not know', () => {
  test('has its EIP where it is bound, with slot, holding and address, and keeps it when its Pod is seen', () => {
    const { happen, claimOf, world, pod } = story()
    expect(happen('ClaimRecovered', facts())).toEqual([])
    expect(claimOf(key)).toMatchObject({ phase: 'Bound', generation: 1, address: eip })
    expect(world.nodes.get('n1')!.holders).toMatchObject([{ claim: key, bindingId: 'b-9' }])
    expect(world.holdings.get('b-9')).toMatchObject({ addressId: 'eip-9', podUid: 'uid-b', to: '' })
    expect(world.addresses.get('eip-9')).toMatchObject({ claim: key, allocationId: 'a-9', releasedAt: '' })
    expect(pod(key, 'uid-b', { ...place, request: kept }).map(({ type }) => type)).toEqual([
      'RequestAccepted',
    ])
    expect(claimOf(key)).toMatchObject({ phase: 'Bound', terms: { static: true }, binding: { id: 'b-9' } })
  })

  test('is unbound only once its Pod is known to have ended', () => {
    const { happen, ended, cloudDoes } = story()
    happen('ClaimRecovered', facts())
    expect(ended(key, 'uid-b')).toMatchObject([{ type: 'UnbindingDecided', data: { bindingId: 'b-9' } }])
    expect(cloudDoes(key)).toMatchObject([{ type: 'ReleaseDecided', data: { addressId: 'eip-9' } }])
  })

  test('is unbound at once when the log knows that its Pod has ended', () => {
    const { happen, ended, cloudDoes, pod, claimOf } = story()
    pod(key, 'uid-b', { ...place, request: kept })
    ended(key, 'uid-b')
    cloudDoes(key)
    expect(happen('ClaimRecovered', facts())).toMatchObject([{ type: 'UnbindingDecided' }])
    expect(claimOf(key).pod?.ended).not.toBeNull()
  })

  test('says that it is kept, and not that something is still to be read, when it has no Pod', () => {
    const attributes = {
      ...{ internetServiceProvider: 'BGP', internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR' as const },
      internetMaxBandwidthOut: 100,
    }
    const { happen, claimOf } = story()
    happen(
      'ClaimRecovered',
      facts({ binding: null, pod: null, terms: { source: 'auto', static: true, attributes } }),
    )
    const { conditions } = describeClaim(claimOf(key)).status
    const [accepted, , , ready] = conditions
    expect(accepted).toMatchObject({
      reason: 'NotJudged',
      message:
        'No Pod named web-0 has been seen, so there are no annotations to read; they are read when there is one.',
    })
    expect(ready).toMatchObject({ type: 'Ready', reason: 'Retained' })
    expect(ready!.message).toMatch(/^EIP eip-9 .* is kept without an end for the next Pod named web-0/)
  })

  test('keeps its EIP without a Pod when its EIPClaim says so, and gives it back when it does not', () => {
    const alone = { binding: null, pod: null }
    const attributes = {
      ...{ internetServiceProvider: 'BGP', internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR' as const },
      internetMaxBandwidthOut: 100,
    }
    const terms = (isStatic: boolean) => ({ source: 'auto' as const, static: isStatic, attributes })
    expect(story().happen('ClaimRecovered', facts({ ...alone, terms: terms(true) }))).toMatchObject([
      { type: 'ClaimRetained', data: { addressId: 'eip-9' } },
    ])
    expect(story().happen('ClaimRecovered', facts({ ...alone, terms: terms(false) }))).toMatchObject([
      { type: 'ReleaseDecided', data: { addressId: 'eip-9', allocationId: 'a-9' } },
    ])
  })
})

describe('a claim that the log has otherwise', () => {
  test('goes over to another Pod and place: the holding before ends, its slot is free', () => {
    const { happen, pod, cloudDoes, claimOf, world, node } = story()
    node('n2')
    pod(key, 'uid-a', { node: 'n2', privateIp: '10.0.0.5', request: kept })
    cloudDoes(key)
    cloudDoes(key)
    const { address, binding: was } = claimOf(key)
    const held = address as typeof eip
    const former = { ...nothing, binding: { id: was!.id, node: 'n2' } }
    expect(happen('ClaimRecovered', facts({ address: held, former }))).toEqual([])
    expect(claimOf(key)).toMatchObject({
      phase: 'Bound',
      generation: 1,
      binding: { podUid: 'uid-b', node: 'n1' },
    })
    expect(world.nodes.get('n2')!.holders).toEqual([])
    expect(world.nodes.get('n1')!.holders).toMatchObject([{ claim: key }])
    const [first, second] = [world.holdings.get(was!.id)!, world.holdings.get('b-9')!]
    expect(first.to).not.toBe('')
    expect(second.from >= first.to).toBe(true)
  })

  test('whose EIP is gone begins anew with its Pod, and nothing is released', () => {
    const { happen, pod, cloudDoes, claimOf, world } = story()
    pod(key, 'uid-a', place)
    cloudDoes(key)
    cloudDoes(key)
    const { address, binding: was } = claimOf(key)
    const former = { ...nothing, goneAddressId: address!.id, binding: { id: was!.id, node: 'n1' } }
    const gone = {
      address: null,
      binding: null,
      proof: 'Gone' as const,
      former,
      pod: { uid: 'uid-a', ...place },
    }
    expect(happen('ClaimRecovered', facts(gone)).map(({ type }) => type)).toEqual([
      ...['ClaimClosed', 'ClaimOpened', 'RequestAccepted', 'AllocationDecided'],
    ])
    expect(claimOf(key).generation).toBe(2)
    expect(world.addresses.get(address!.id)!.releasedAt).not.toBe('')
  })

  test('waits for no call that was ordered before: nobody makes it any more', () => {
    const { happen, pod, claimOf, world } = story()
    pod(key, 'uid-b', { ...place, request: kept })
    const { id } = claimOf(key).intent!
    expect(happen('ClaimRecovered', facts({ former: { ...nothing, intentId: id } }))).toEqual([])
    expect(world.intents.get(id)!.status).toBe('done')
    expect(claimOf(key)).toMatchObject({ phase: 'Bound', intent: null, address: eip })
  })

  test("hands one of the user's EIPs over to who has it now", () => {
    const { happen, pod, cloudDoes, world, claimOf } = story()
    const idList = 'eip-mine1234'
    pod(key, 'uid-a', { ...place, request: { idList } })
    cloudDoes(key)
    cloudDoes(key)
    const { address, binding: was } = claimOf(key)
    const former = { ...nothing, binding: { id: was!.id, node: 'n1' }, listings: [idList] }
    happen('ClaimRecovered', facts({ address: null, binding: null, pod: null, proof: 'Gone', former }))
    expect(world.listings.get(idList)!.holder).toBeNull()
    happen('ClaimRecovered', facts({ claim: 'default/other', address: address as typeof eip }))
    expect(world.listings.get(idList)!.holder).toMatchObject({ claim: 'default/other' })
    expect(claimOf(key).phase).toBe('Released')
    expect(claimOf('default/other')).toMatchObject({
      phase: 'Bound',
      address: { id: idList, source: 'listed' },
    })
  })

  test('that is over stays over', () => {
    const { happen, pod, ended, cloudDoes, claimOf } = story()
    pod(key, 'uid-a', place)
    cloudDoes(key)
    ended(key, 'uid-a')
    while (claimOf(key).intent) cloudDoes(key)
    expect(claimOf(key).phase).toBe('Released')
    const none = { address: null, binding: null, pod: null, proof: 'Gone' as const }
    expect(happen('ClaimRecovered', facts(none))).toEqual([])
    expect(claimOf(key).phase).toBe('Released')
  })

  test('is not held any more by a guard that missed its Pod before', () => {
    const { happen, pod, cloudDoes, claimOf, world } = story()
    pod(key, 'uid-a', place)
    cloudDoes(key)
    const hold = { guard: 'absence' as const, since: '', count: 14, windowMs: 600_000, confirmed: false }
    world.claims.set(key, { ...claimOf(key), hold })
    happen('ClaimRecovered', facts({ binding: null, pod: null, proof: 'Log' }))
    expect(claimOf(key).hold).toBeNull()
  })
})
