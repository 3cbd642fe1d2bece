import { expect, test } from 'vitest'
import { tellStory } from './story.ts'

const here = { node: 'n1', privateIp: '10.0.0.1' }
const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'web', uid: 'sts-1' }
const listed = { request: { idList: 'eip-11' } }

test('what follows from the claim itself names the last event about it', () => {
  const story = tellStory()
  story.node('n1')
  story.pod('default/a', 'a-1', here)
  expect(story.causeOfLast('ClaimOpened', 'default/a').type).toBe('PodObserved')
  expect(story.causeOfLast('RequestAccepted', 'default/a').type).toBe('ClaimOpened')
  story.cloudDoes('default/a')
  expect(story.causeOfLast('BindingDecided', 'default/a').type).toBe('AllocationCompleted')
})

test('a claim that waited for a slot goes on because of the one that left it', () => {
  const story = tellStory()
  story.node('n1')
  for (const claim of ['default/a', 'default/b']) {
    story.pod(claim, `${claim}-1`, here)
    story.cloudDoes(claim)
  }
  story.cloudDoes('default/a')
  story.ended('default/a', 'default/a-1')
  story.cloudDoes('default/a')
  expect(story.causeOfLast('BindingDecided', 'default/b')).toMatchObject({
    type: 'AddressUnbound',
    data: { claim: 'default/a' },
  })
})

test('a claim that waited for a listed EIP goes on because of the one that gave it back', () => {
  const story = tellStory()
  story.node('n1', 12)
  story.pod('default/a', 'a-1', listed)
  story.cloudDoes('default/a')
  story.pod('default/b', 'b-1', listed)
  story.ended('default/a', 'a-1')
  expect(story.causeOfLast('LookupDecided', 'default/b')).toMatchObject({
    type: 'ListedAddressGivenBack',
    data: { claim: 'default/a' },
  })
})

test('an EIP that goes with its workload goes because of its end, or of the Pod that came after that', () => {
  const story = tellStory({ claimExpiredMs: null, cascade: true })
  story.node('n1', 12)
  for (const claim of ['default/a', 'default/b']) {
    story.pod(claim, `${claim}-1`, { ...here, owner, request: { attributes: '{}', deletePolicy: 'Never' } })
    story.cloudDoes(claim)
    story.cloudDoes(claim)
  }
  story.ended('default/a', 'default/a-1')
  story.cloudDoes('default/a')
  story.happen('OwnerEnded', { owner, namespace: 'default', reason: 'Deleted' })
  expect(story.causeOfLast('ReleaseDecided', 'default/a').type).toBe('OwnerEnded')
  story.ended('default/b', 'default/b-1')
  story.cloudDoes('default/b')
  expect(story.causeOfLast('ReleaseDecided', 'default/b').type).toBe('AddressUnbound')
})
