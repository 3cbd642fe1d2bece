import { expect, test } from 'vitest'
import { type AddressStanding, describeClaim, eventStory } from '../src/index.ts'
import { tellStory } from './story.ts'

const key = 'ns/web-0'

test('a bound EIP that is blocked or in arrears: the claim stays Bound, says so, and each turn is an Event', () => {
  const story = tellStory()
  story.node('n1')
  story.pod(key, 'a', { node: 'n1', privateIp: '10.0.0.5' })
  story.cloudDoes(key)
  story.cloudDoes(key)
  const { id } = story.claimOf(key).address!
  const see = (standing: AddressStanding, addressId = id) =>
    story.happen('AddressStandingSeen', { claim: key, generation: 1, addressId, standing })
  const ready = () => describeClaim(story.claimOf(key)).status.conditions[3]!

  see('Blocked')
  expect(ready()).toMatchObject({ status: 'True', reason: 'Bound' })
  expect(ready().message).toContain('on node n1, but the EIP is blocked; see why and lift the block')
  see('InArrears')
  expect(ready().message).toContain('but the EIP is in arrears; top up the account')
  see('Good')
  expect(ready().message).toMatch(/on node n1\.$/)
  expect(story.log.map(eventStory).flatMap((told) => (told ? [told.reason] : []))).toEqual(
    expect.arrayContaining(['EipBlocked', 'EipInArrears', 'EipUsableAgain']),
  )
  see('Blocked', 'eip-another')
  expect(story.claimOf(key).standing).toBe('Good')
})

test('another EIP has another standing', () => {
  const story = tellStory()
  story.pod(key, 'a')
  story.cloudDoes(key)
  const { id } = story.claimOf(key).address!
  story.happen('AddressStandingSeen', { claim: key, generation: 1, addressId: id, standing: 'Blocked' })
  expect(story.claimOf(key).standing).toBe('Blocked')
  story.ended(key, 'a')
  story.cloudDoes(key)
  expect(story.claimOf(key)).toMatchObject({ phase: 'Released', standing: 'Good' })
})
