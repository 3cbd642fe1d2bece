import { CloudError } from '@pod-eip/cloud'
import { allocation, setWorkerStage, type WorkerStage } from '@pod-eip/cloud-calls/testing'
import { newEvent } from '@pod-eip/domain'
import { podObserved } from '@pod-eip/domain/testing'
import { beforeEach, expect, test } from 'vitest'
import { lookForUnknown } from '../src/look-for-unknown.ts'

const claim = 'default/web-0'
const ours = (allocationId: string) => [
  { key: 'tke-clusterId', value: 'cls-1' },
  { key: 'pod-eip/allocation', value: allocationId },
]

let stage: WorkerStage
let doubts: string[]
let look: () => Promise<string>
beforeEach(async () => {
  stage = setWorkerStage()
  doubts = []
  const { readModels, log, cloud, clock } = stage.surveying()
  const mark = { setDoubt: async (sentence: string) => void doubts.push(sentence) }
  look = lookForUnknown({ readModels, log, cloud, clock, mark, clusterId: 'cls-1' })
  stage.decide(newEvent('PodObserved', podObserved({ claim, podUid: 'uid-1', node: 'n1' })))
  stage.decide(newEvent('ClaimOpened', { claim, generation: 1, podUid: 'uid-1' }))
  stage.decide(allocation())
})

test('what the log has decided, had for a claim or brought late is known, and so is what is not ours', async () => {
  await stage.givenEip(0, ours('a-1'))
  await stage.work('i-1')
  await stage.givenEip(0, [ours('a-9')[0]!])
  await stage.givenEip(0, [{ key: 'tke-clusterId', value: 'cls-2' }, ours('a-9')[1]!])
  expect(await stage.inTime(look())).toBe('')
  // It is not asked for again.
  await stage.givenEip(0, ours('a-9'))
  await stage.pass(60_000)
  expect(await look()).toBe('')
  expect(doubts).toEqual([''])
})

test('an EIP of an allocation that the log never decided stands in the way until it has gone', async () => {
  const unknown = await stage.givenEip(60_000, ours('a-9'))
  const sentence = await stage.inTime(look())
  expect(sentence).toMatch(
    /^The cloud has EIP eip-\w+ .*with the tags of this cluster, .* run "eipctl recover"\.$/,
  )
  await stage.releaseByHand(unknown.addressId)
  expect(await look()).toBe(sentence)
  await stage.pass(60_000)
  expect(await stage.inTime(look())).toBe('')
  expect(doubts).toEqual([sentence, ''])
})

test('what an operator has had recovered, or has been told that it stays, is known', async () => {
  const [one, other] = [await stage.givenEip(0, ours('a-8')), await stage.givenEip(0, ours('a-9'))]
  const stray = { claim, generation: 0, ...one, allocationId: 'a-8', seenSince: '2026-01-01T00:00:00Z' }
  stage.decide(newEvent('OrphanFound', stray))
  expect(await stage.inTime(look())).toContain(other.addressId)
  const left = [other.addressId]
  stage.decide(newEvent('LogRecovered', { recovery: 'r-1', claims: 0, by: 'Ann', left }))
  await stage.pass(60_000)
  expect(await stage.inTime(look())).toBe('')
})

test('whom the cloud refuses the look works all the same; while it does not answer nobody works', async () => {
  const { readModels, log, clock } = stage.surveying()
  const mark = { setDoubt: async () => {} }
  const answering = (error: CloudError) =>
    lookForUnknown({
      ...{ readModels, log, clock, mark, clusterId: 'cls-1' },
      cloud: { describeAddresses: () => Promise.reject(error) },
    })
  expect(await answering(new CloudError('terminal', 'UnauthorizedOperation', 'no'))()).toBe('')
  await expect(answering(new CloudError('no-answer', 'NoAnswer', 'none'))()).rejects.toThrow('none')
})
