import { expect, test } from 'vitest'
import { tellStory } from './story.ts'

const claim = 'ns/web-0'

test('a refused Pod that does not ask any more has no claim, and one again when it asks anew', () => {
  const story = tellStory()
  story.pod(claim, 'a', { request: { attributes: 'x' } })
  expect(story.claimOf(claim).phase).toBe('Pending')
  story.pod(claim, 'a', { request: null })
  expect(story.claimOf(claim)).toMatchObject({ phase: 'Released', reclaim: 'RequestWithdrawn' })
  story.pod(claim, 'a')
  expect(story.claimOf(claim)).toMatchObject({ phase: 'Allocating', generation: 2 })
})

test('one that waits for an EIP of the list leaves the queue, and its claim is closed', () => {
  const story = tellStory()
  const listed = { request: { idList: 'eip-a' } }
  story.pod('ns/first-0', 'f', listed)
  story.pod(claim, 'a', listed)
  expect(story.world.listings.get('eip-a')?.waiting).toContain(claim)
  story.pod(claim, 'a', { request: null })
  expect(story.claimOf(claim).phase).toBe('Released')
  expect(story.world.listings.get('eip-a')?.waiting).not.toContain(claim)
})

test('an EIP that there is stays with the Pod to its end', () => {
  const story = tellStory()
  story.node('n1')
  story.pod(claim, 'a', { node: 'n1', privateIp: '10.0.0.1' })
  story.cloudDoes(claim)
  story.cloudDoes(claim)
  story.pod(claim, 'a', { node: 'n1', privateIp: '10.0.0.1', request: null })
  expect(story.claimOf(claim).phase).toBe('Bound')
  story.ended(claim, 'a')
  expect(story.claimOf(claim).phase).toBe('Unbinding')
})
