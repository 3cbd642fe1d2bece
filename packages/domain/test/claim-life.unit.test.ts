import { describe, expect, test } from 'vitest'
import { emptyWorld, foldEvent } from '../src/index.ts'
import { tellStory } from './story.ts'

const types = (events: { type: string }[]) => events.map((e) => e.type)
const placed = { node: 'n1', privateIp: '10.0.0.5' }
const kept = { request: { attributes: '{}', deletePolicy: 'Never' } }

function boundPod(facts: object = {}) {
  const story = tellStory()
  story.node('n1')
  story.pod('ns/web-0', 'a', { ...placed, ...facts })
  story.cloudDoes('ns/web-0')
  story.cloudDoes('ns/web-0')
  expect(story.claimOf('ns/web-0').phase).toBe('Bound')
  return story
}

describe('a claim that keeps nothing', () => {
  test('allocates when the Pod asks, before it has a node or an address', () => {
    const story = tellStory()
    expect(types(story.pod('ns/web-0', 'a'))).toEqual(['ClaimOpened', 'RequestAccepted', 'AllocationDecided'])
    expect(story.claimOf('ns/web-0').phase).toBe('Allocating')
  })

  test('binds once the Pod has its address and the node a slot', () => {
    const story = tellStory()
    story.node('n1')
    story.pod('ns/web-0', 'a')
    expect(types(story.cloudDoes('ns/web-0'))).toEqual([])
    expect(types(story.pod('ns/web-0', 'a', placed))).toEqual(['BindingDecided'])
  })

  test('unbinds, releases and closes after its Pod', () => {
    const story = boundPod()
    expect(types(story.ended('ns/web-0', 'a'))).toEqual(['UnbindingDecided'])
    expect(types(story.cloudDoes('ns/web-0'))).toEqual(['ReleaseDecided'])
    expect(types(story.cloudDoes('ns/web-0'))).toEqual(['ClaimClosed'])
    expect(story.claimOf('ns/web-0').phase).toBe('Released')
    expect(story.world.nodes.get('n1')!.holders).toEqual([])
  })

  test('gets a new generation for a Pod that comes while the last EIP is being released', () => {
    const story = boundPod()
    story.ended('ns/web-0', 'a')
    story.cloudDoes('ns/web-0')
    expect(types(story.pod('ns/web-0', 'b', placed))).toEqual([])
    expect(types(story.cloudDoes('ns/web-0'))).toEqual([
      'ClaimClosed',
      'ClaimOpened',
      'RequestAccepted',
      'AllocationDecided',
    ])
    expect(story.claimOf('ns/web-0').generation).toBe(2)
  })

  test('calls an allocation off whose Pod has gone, and releases what came of it', () => {
    const story = tellStory()
    story.pod('ns/web-0', 'a')
    expect(types(story.ended('ns/web-0', 'a'))).toEqual(['CancellationDecided'])
    expect(types(story.cloudDoes('ns/web-0'))).toEqual(['ReleaseDecided'])
  })

  test('is not handed to the next Pod of the name, however soon it comes', () => {
    const story = boundPod()
    const next = { ...placed, request: { attributes: '{"Bandwidth":"7"}' } }
    expect(types(story.pod('ns/web-0', 'b', next))).toEqual(['UnbindingDecided'])
    expect(types(story.cloudDoes('ns/web-0'))).toEqual(['ReleaseDecided'])
    expect(types(story.cloudDoes('ns/web-0'))).toContain('AllocationDecided')
    expect(story.claimOf('ns/web-0')).toMatchObject({ generation: 2, pod: { uid: 'b' } })
  })

  test('ignores news of a Pod that come late', () => {
    const story = boundPod()
    story.pod('ns/web-0', 'b', { resourceVersion: '900', ...placed })
    const before = story.claimOf('ns/web-0')
    expect(story.pod('ns/web-0', 'a', { resourceVersion: '800', ...placed })).toEqual([])
    expect(story.claimOf('ns/web-0')).toEqual(before)
  })
})

describe('a static claim', () => {
  test('is retained after its Pod and taken back by a Pod of the same name, on whichever node', () => {
    const story = boundPod(kept)
    story.node('n2')
    story.ended('ns/web-0', 'a')
    expect(types(story.cloudDoes('ns/web-0'))).toEqual(['ClaimRetained'])
    const eip = story.claimOf('ns/web-0').address
    expect(types(story.pod('ns/web-0', 'b', { ...kept, node: 'n2', privateIp: '10.0.1.9' }))).toEqual([
      'RequestAccepted',
      'ClaimResumed',
      'BindingDecided',
    ])
    story.cloudDoes('ns/web-0')
    expect(story.claimOf('ns/web-0')).toMatchObject({ phase: 'Bound', address: eip, generation: 1 })
  })

  test('goes to a new Pod that appears before the old one is unbound', () => {
    const story = boundPod(kept)
    expect(types(story.pod('ns/web-0', 'b', { ...kept, node: 'n1', privateIp: '10.0.0.6' }))).toEqual([
      'RequestAccepted',
      'UnbindingDecided',
    ])
    expect(types(story.cloudDoes('ns/web-0'))).toEqual(['BindingDecided'])
  })

  test('is released when its EIPClaim is deleted without a Pod', () => {
    const story = boundPod(kept)
    story.ended('ns/web-0', 'a')
    story.cloudDoes('ns/web-0')
    const deletion = { claim: 'ns/web-0', objectUid: 'o', namespaceTerminating: false, collectedWith: null }
    expect(types(story.happen('EipClaimDeletionRequested', deletion))).toEqual(['ReleaseDecided'])
    expect(story.cloudDoes('ns/web-0')).toMatchObject([
      { type: 'ClaimClosed', data: { cause: 'ManualReclaim', objectUid: 'o' } },
    ])
  })

  test('stays bound when its EIPClaim is deleted while the Pod lives', () => {
    const story = boundPod(kept)
    const deletion = { claim: 'ns/web-0', objectUid: 'o', namespaceTerminating: false, collectedWith: null }
    expect(types(story.happen('EipClaimDeletionRequested', deletion))).toEqual(['ReclaimDeclined'])
    expect(story.claimOf('ns/web-0')).toMatchObject({ phase: 'Bound', answeredDeletion: 'o' })
  })

  test('is released after its Pod when its EIPClaim is deleted while the Pod terminates, or its namespace goes', () => {
    for (const namespaceTerminating of [true, false]) {
      const story = boundPod(kept)
      if (!namespaceTerminating) story.pod('ns/web-0', 'a', { ...placed, ...kept, terminating: true })
      const deletion = { claim: 'ns/web-0', objectUid: 'o', namespaceTerminating, collectedWith: null }
      expect(story.happen('EipClaimDeletionRequested', deletion)).toEqual([])
      story.ended('ns/web-0', 'a')
      expect(story.cloudDoes('ns/web-0')).toMatchObject([
        { type: 'ReleaseDecided', data: { cause: 'ManualReclaim' } },
      ])
    }
  })

  test('is released after its Pod when that had gone as its EIPClaim was deleted, and the log did not know yet', () => {
    const story = boundPod(kept)
    const deletion = { claim: 'ns/web-0', objectUid: 'o', namespaceTerminating: false, collectedWith: null }
    expect(story.happen('EipClaimDeletionRequested', { ...deletion, podGoing: true })).toEqual([])
    story.ended('ns/web-0', 'a')
    expect(story.cloudDoes('ns/web-0')).toMatchObject([
      { type: 'ReleaseDecided', data: { cause: 'ManualReclaim' } },
    ])
  })

  test('stays with another Pod of the name than the one that had gone as its EIPClaim was deleted', () => {
    const story = boundPod(kept)
    const deletion = { claim: 'ns/web-0', objectUid: 'o', namespaceTerminating: false, collectedWith: null }
    story.happen('EipClaimDeletionRequested', { ...deletion, podGoing: true })
    expect(types(story.pod('ns/web-0', 'b', { ...placed, ...kept }))).toContain('ReclaimDeclined')
  })

  test('begins anew with another EIP when its own was released in the cloud', () => {
    const story = boundPod(kept)
    story.ended('ns/web-0', 'a')
    story.cloudDoes('ns/web-0')
    story.pod('ns/web-0', 'b', { ...placed, ...kept })
    const { intent, address } = story.claimOf('ns/web-0')
    const gone = { code: 'InvalidAddressId.NotFound', message: 'gone', requestId: '' }
    const about = {
      claim: 'ns/web-0',
      generation: 1,
      intentId: intent!.id,
      addressId: address!.id,
      node: 'n1',
    }
    expect(types(story.happen('BindingFailed', { ...about, ...gone }))).toEqual([
      'ClaimClosed',
      'ClaimOpened',
      'RequestAccepted',
      'AllocationDecided',
    ])
  })

  test('keeps the bandwidth that was bought, whatever a later Pod asks', () => {
    const story = boundPod({ request: { attributes: '{"Bandwidth":"100"}', deletePolicy: 'Never' } })
    const request = { attributes: '{"Bandwidth":"9"}', deletePolicy: 'Never' }
    story.pod('ns/web-0', 'b', { ...placed, request })
    expect(story.claimOf('ns/web-0').terms).toMatchObject({ attributes: { internetMaxBandwidthOut: 100 } })
  })

  test('says until when it is retained, when there is an expiry', () => {
    const story = tellStory({ claimExpiredMs: 3_600_000, cascade: false })
    story.node('n1')
    story.pod('ns/web-0', 'a', { ...placed, ...kept })
    story.cloudDoes('ns/web-0')
    story.cloudDoes('ns/web-0')
    story.ended('ns/web-0', 'a')
    story.cloudDoes('ns/web-0')
    const { since, until } = story.claimOf('ns/web-0').retained!
    expect(Date.parse(until!) - Date.parse(since)).toBe(3_600_000)
  })
})

describe('slots of a node', () => {
  test('are given first come first served, and the next in the queue goes on when one is freed', () => {
    const story = boundPod()
    for (const name of ['web-1', 'web-2']) {
      story.pod(`ns/${name}`, name, { node: 'n1', privateIp: `10.0.0.${name}` })
      expect(types(story.cloudDoes(`ns/${name}`))).toEqual(['SlotAwaited'])
    }
    expect(story.claimOf('ns/web-1').problem!.reason).toBe('NodeQuotaExhausted')
    story.ended('ns/web-0', 'a')
    const decided = story.cloudDoes('ns/web-0')
    expect(decided).toContainEqual(
      expect.objectContaining({
        type: 'BindingDecided',
        data: expect.objectContaining({ claim: 'ns/web-1' }),
      }),
    )
    expect(story.claimOf('ns/web-2').phase).toBe('Allocated')
  })

  test('are not held up by a waiting Pod whose request is refused meanwhile', () => {
    const story = boundPod()
    for (const name of ['web-1', 'web-2']) {
      story.pod(`ns/${name}`, name, { node: 'n1', privateIp: `10.0.0.${name}` })
      story.cloudDoes(`ns/${name}`)
    }
    story.pod('ns/web-1', 'web-1', { node: 'n1', privateIp: '10.0.0.1', request: { attributes: '{broken' } })
    story.ended('ns/web-0', 'a')
    story.cloudDoes('ns/web-0')
    expect(story.claimOf('ns/web-2').phase).toBe('Binding')
  })

  test('are not held up by a waiting Pod that has gone', () => {
    const story = boundPod()
    for (const name of ['web-1', 'web-2']) {
      story.pod(`ns/${name}`, name, { node: 'n1', privateIp: `10.0.0.${name}` })
      story.cloudDoes(`ns/${name}`)
    }
    story.ended('ns/web-1', 'web-1')
    story.ended('ns/web-0', 'a')
    story.cloudDoes('ns/web-0')
    expect(story.claimOf('ns/web-2').phase).toBe('Binding')
  })

  test('wait for a node that has not been seen yet', () => {
    const story = tellStory()
    story.pod('ns/web-0', 'a', placed)
    story.cloudDoes('ns/web-0')
    expect(story.claimOf('ns/web-0').problem!.reason).toBe('NodeUnknown')
    expect(types(story.node('n1'))).toEqual(['BindingDecided'])
  })
})

describe('a request that cannot be served', () => {
  test('asks nothing of the cloud, and goes on when it is mended', () => {
    const story = tellStory()
    const wrong = story.pod('ns/web-0', 'a', { request: { attributes: '{"Bandwidth":"abc"}' } })
    expect(types(wrong)).toEqual(['ClaimOpened', 'RequestRefused'])
    expect(types(story.pod('ns/web-0', 'a'))).toEqual(['RequestAccepted', 'AllocationDecided'])
  })

  test('is not repeated after a terminal refusal until another Pod or wording comes', () => {
    const story = tellStory()
    story.pod('ns/web-0', 'a')
    const { intent } = story.claimOf('ns/web-0')
    const refusal = { code: 'UnauthorizedOperation', message: 'no', requestId: 'r' }
    const about = { claim: 'ns/web-0', generation: 1, intentId: intent!.id }
    expect(story.happen('AllocationFailed', { ...about, ...refusal })).toEqual([])
    expect(story.pod('ns/web-0', 'a', placed)).toEqual([])
    expect(types(story.pod('ns/web-0', 'b'))).toEqual([
      'ClaimClosed',
      'ClaimOpened',
      'RequestAccepted',
      'AllocationDecided',
    ])
  })
})

test('a binding that was decided for a CVM whose Node another machine has taken over is decided anew', () => {
  const story = tellStory()
  story.node('n1')
  story.pod('ns/web-0', 'a', { node: 'n1', privateIp: '10.0.0.5' })
  story.cloudDoes('ns/web-0')
  const first = story.claimOf('ns/web-0').intent!
  const events = story.happen('NodeObserved', {
    ...{
      node: 'n1',
      nodeUid: 'uid-2',
      resourceVersion: '900',
      instanceId: 'ins-2',
      cpu: 4,
      internalIp: null,
    },
  })
  expect(events).toMatchObject([{ type: 'CancellationDecided', data: { intentId: first.id } }])
  const { generation, address } = story.claimOf('ns/web-0')
  const after = story.happen('BindingAbandoned', {
    ...{ claim: 'ns/web-0', generation, intentId: first.id, addressId: address!.id, node: 'n1' },
  })
  expect(after).toMatchObject([{ type: 'BindingDecided', data: { instanceId: 'ins-2' } }])
})

test('a replay of the log comes to the same world', () => {
  const story = boundPod(kept)
  story.ended('ns/web-0', 'a')
  story.cloudDoes('ns/web-0')
  story.pod('ns/web-0', 'b', { ...kept, ...placed })
  story.cloudDoes('ns/web-0')
  const again = emptyWorld()
  for (const event of story.log) foldEvent(again, event)
  expect(again).toEqual(story.world)
})

describe('a retained claim whose time is over', () => {
  const hour = 3_600_000
  function retained() {
    const story = tellStory({ claimExpiredMs: hour, cascade: false })
    story.node('n1')
    story.pod('ns/web-0', 'a', { ...placed, ...kept })
    story.cloudDoes('ns/web-0')
    story.cloudDoes('ns/web-0')
    story.ended('ns/web-0', 'a')
    story.cloudDoes('ns/web-0')
    return { story, until: story.claimOf('ns/web-0').retained!.until! }
  }

  test('is released, and says that it expired', () => {
    const { story, until } = retained()
    const due = { claim: 'ns/web-0', generation: 1, until }
    expect(story.happen('ClaimExpiryDue', due)).toMatchObject([
      { type: 'ReleaseDecided', data: { cause: 'Expired' } },
    ])
  })

  test('stays when its Pod came back first, and when its time was moved', () => {
    const { story, until } = retained()
    const due = { claim: 'ns/web-0', generation: 1, until }
    expect(story.happen('ClaimExpiryDue', { ...due, until: '2020-01-01T00:00:00.000Z' })).toEqual([])
    story.pod('ns/web-0', 'b', { ...placed, ...kept })
    expect(story.happen('ClaimExpiryDue', due)).toEqual([])
    expect(story.claimOf('ns/web-0').phase).toBe('Binding')
  })

  test('a Pod that comes while its EIP is being released gets a new one', () => {
    const { story, until } = retained()
    story.happen('ClaimExpiryDue', { claim: 'ns/web-0', generation: 1, until })
    story.pod('ns/web-0', 'b', { ...placed, ...kept })
    expect(types(story.cloudDoes('ns/web-0'))).toContain('AllocationDecided')
    expect(story.claimOf('ns/web-0').generation).toBe(2)
  })

  test("the Pod's own expiry counts before the operator's", () => {
    const story = tellStory({ claimExpiredMs: hour, cascade: false })
    story.node('n1')
    story.pod('ns/web-0', 'a', {
      ...placed,
      request: { attributes: '', deletePolicy: 'Never', claimExpiredDuration: '0' },
    })
    story.cloudDoes('ns/web-0')
    story.cloudDoes('ns/web-0')
    story.ended('ns/web-0', 'a')
    story.cloudDoes('ns/web-0')
    expect(story.claimOf('ns/web-0').retained!.until).toBeNull()
  })
})
