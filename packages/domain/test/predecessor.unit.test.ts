import { describe, expect, test } from 'vitest'
import { describeClaim, predecessorStory } from '../src/index.ts'
import { tellStory } from './story.ts'

const placed = { node: 'n1', privateIp: '10.0.0.5' }
const kept = { request: { attributes: '{}', deletePolicy: 'Never' } }
const key = 'ns/web-0'

/** A bound claim whose Pod is followed by another one of its name. */
function followed(facts: object = {}) {
  const story = tellStory()
  story.node('n1')
  story.pod(key, 'a', { ...placed, ...facts })
  story.cloudDoes(key)
  story.cloudDoes(key)
  story.ended(key, 'a')
  story.pod(key, 'b', { node: 'n1', privateIp: '10.0.0.6', ...facts })
  return story
}

function ready(story: ReturnType<typeof tellStory>) {
  return describeClaim(story.claimOf(key)).status.conditions.find(({ type }) => type === 'Ready')!
}

describe('a Pod that waits for its predecessor', () => {
  test('is told what is still to happen to the EIP that it does not get, and no more once that is done', () => {
    const story = followed()
    expect(ready(story)).toMatchObject({
      ...{ status: 'False', reason: 'PredecessorLeaving' },
      message:
        'Pod web-0 gets an EIP once EIP eip-id-1 (203.0.113.1) of its predecessor is unbound from 10.0.0.5 on node n1 and released.',
    })
    expect(predecessorStory(story.claimOf(key))).toMatchObject({
      ...{ type: 'Normal', reason: 'PredecessorLeaving', onPod: true, onClaim: false },
      message: ready(story).message,
    })
    story.cloudDoes(key)
    expect(story.claimOf(key).phase).toBe('Releasing')
    expect(ready(story).message).toBe(
      'Pod web-0 gets an EIP once EIP eip-id-1 (203.0.113.1) of its predecessor is released.',
    )
    story.cloudDoes(key)
    expect(story.claimOf(key)).toMatchObject({ phase: 'Allocating', generation: 2 })
    expect(ready(story).reason).toBe('Allocating')
    expect(predecessorStory(story.claimOf(key))).toBeNull()
  })

  test('is told of a kept EIP that it gets as soon as it is unbound', () => {
    const story = followed(kept)
    expect(ready(story)).toMatchObject({
      reason: 'PredecessorLeaving',
      message:
        'Pod web-0 gets the EIP once EIP eip-id-1 (203.0.113.1) of its predecessor is unbound from 10.0.0.5 on node n1.',
    })
    story.cloudDoes(key)
    expect(ready(story).reason).toBe('Binding')
  })

  test.each([
    [
      'gets an EIP',
      { request: { attributes: '{}' } },
      ' is released, after it is settled what became of its binding to 10.0.0.5 on node n1, which was called off',
    ],
    [
      'gets the EIP',
      kept,
      'it is settled what became of its binding to 10.0.0.5 on node n1, which was called off',
    ],
  ])(
    'is not told that the EIP is being bound to the place of a Pod that has ended: %s',
    (gets, facts, once) => {
      const story = tellStory()
      story.node('n1')
      story.pod(key, 'a', { ...placed, ...facts })
      story.cloudDoes(key)
      story.ended(key, 'a')
      expect(story.claimOf(key)).toMatchObject({ phase: 'Binding', intent: { cancelled: true } })
      expect(ready(story)).toEqual(
        expect.objectContaining({
          reason: 'BindingCancelled',
          message:
            'The binding of EIP eip-id-1 (203.0.113.1) to 10.0.0.5 on node n1 was called off because the Pod has ended; if it comes about all the same, it is undone.',
        }),
      )
      story.pod(key, 'b', { node: 'n1', privateIp: '10.0.0.6', ...facts })
      expect(ready(story)).toMatchObject({ reason: 'PredecessorLeaving' })
      expect(ready(story).message).toContain(`Pod web-0 ${gets} once `)
      expect(ready(story).message).toContain(`${once}.`)
    },
  )

  test('is told why a kept EIP is not for it any more', () => {
    const story = tellStory()
    story.node('n1')
    story.pod(key, 'a', { ...placed, ...kept })
    story.cloudDoes(key)
    story.cloudDoes(key)
    story.ended(key, 'a')
    story.cloudDoes(key)
    story.happen('EipClaimDeletionRequested', {
      ...{ claim: key, objectUid: 'o', namespaceTerminating: false, collectedWith: null },
    })
    story.pod(key, 'b', { ...placed, ...kept })
    expect(ready(story).message).toBe(
      'Pod web-0 gets an EIP once EIP eip-id-1 (203.0.113.1) of its predecessor is released, which goes on because its EIPClaim was deleted.',
    )
  })

  test('is told what the cloud holds against it', () => {
    const story = followed()
    const { intent } = story.claimOf(key)
    story.happen('CloudCallDelayed', {
      ...{ claim: key, generation: 1, intentId: intent!.id, action: 'disassociate' },
      ...{ code: 'UnauthorizedOperation', message: 'no', requestId: 'r', news: true },
      ...{ retryAt: '2026-01-01T01:00:00.000Z', retryEveryMs: 600_000, tries: 1, since: '' },
    })
    expect(ready(story).reason).toBe('UnauthorizedOperation')
    expect(ready(story).message).toMatch(
      /^Pod web-0 waits for EIP eip-id-1 \(203.0.113.1\) of its predecessor, which could not be unbound yet because /,
    )
  })

  test('is told so while what its predecessor asked for has not come yet', () => {
    const story = tellStory()
    story.pod(key, 'a')
    story.ended(key, 'a')
    story.pod(key, 'b')
    expect(ready(story).message).toBe(
      'Pod web-0 gets an EIP once what its predecessor asked for is given back.',
    )
  })

  test('is nobody who is about to go, or asks for nothing', () => {
    const story = followed()
    story.pod(key, 'b', { node: 'n1', terminating: true })
    expect(predecessorStory(story.claimOf(key))).toBeNull()
    const silent = followed()
    silent.pod(key, 'c', { request: null })
    expect(predecessorStory(silent.claimOf(key))).toBeNull()
  })
})
