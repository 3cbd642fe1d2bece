import { beforeEach, describe, expect, test } from 'vitest'
import { binding } from '../src/testing/orders.ts'
import type { WorkerStage } from '../src/testing/worker-stage.ts'
import { type BindingStage, expectBound, setBindingStage, toldBound } from './binding-stage.ts'

let stage: WorkerStage
let eip: BindingStage['eip']
beforeEach(async () => {
  ;({ stage, eip } = await setBindingStage())
})

test.each(['BIND_ENI', 'BIND'] as const)('one call binds it; the cloud shows %s', async (shown) => {
  stage.cloud.configure({ boundToInterface: shown })
  stage.decide(binding(eip))
  await stage.work('b-1')
  expectBound({ stage, eip })
  expect(stage.sent).toEqual(['associateAddress'])
})

describe('looks that show what was a minute ago', () => {
  beforeEach(() => stage.cloud.configure({ staleReadMs: 60_000 }))

  test('an EIP that is not shown yet is not taken for released by somebody', async () => {
    eip = await stage.givenEip(1_000)
    stage.decide(binding(eip))
    await stage.work('b-1')
    // That calls are refused because it is bound already is told meanwhile.
    expect(stage.told().at(-1)).toMatchObject(toldBound(eip)[0]!)
    expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.1')
  })

  test('an earlier binding elsewhere is not undone, which would undo this one', async () => {
    await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.2')
    await stage.pass(60_000)
    await stage.unbindByHand(eip.addressId)
    stage.decide(binding(eip))
    await stage.work('b-1')
    expectBound({ stage, eip })
    expect(stage.sent).not.toContain('disassociateAddress')
  })
})

test('an EIP that somebody released is found gone by the answer to a call', async () => {
  stage.cloud.faults.add({ kind: 'lost-request', action: 'AssociateAddress', count: 1 })
  stage.decide(binding(eip))
  await stage.work('b-1', 1_000)
  await stage.releaseByHand(eip.addressId)
  await stage.work('b-1')
  expect(stage.told()).toMatchObject([{ type: 'BindingFailed', data: { code: 'InvalidAddressId.NotFound' } }])
})

describe('an answer that does not come', () => {
  test.each(['close', 'hang'] as const)('the call worked (%s): found bound, no second call', async (how) => {
    stage.cloud.faults.add({ kind: 'lost-answer', how, action: 'AssociateAddress', count: 1 })
    stage.decide(binding(eip))
    await stage.work('b-1')
    expectBound({ stage, eip })
    expect(stage.sent).toEqual(['associateAddress'])
  })

  test('the call did not work: made again once it can no longer work', async () => {
    stage.cloud.faults.add({ kind: 'lost-request', action: 'AssociateAddress', count: 1 })
    stage.decide(binding(eip))
    const began = stage.clock.now()
    await stage.work('b-1')
    expectBound({ stage, eip })
    expect(stage.sent).toHaveLength(2)
    expect(stage.clock.now() - began).toBeGreaterThan(15_000)
  })

  test('the last binding to the same address, shown late, is not taken for this one', async () => {
    await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.1')
    await stage.pass(60_000)
    await stage.unbindByHand(eip.addressId)
    stage.cloud.configure({ staleReadMs: 3_000 })
    stage.cloud.faults.add({ kind: 'lost-request', action: 'AssociateAddress', count: 1 })
    stage.decide(binding(eip))
    await stage.work('b-1')
    expectBound({ stage, eip })
  })
})

test('a task that fails is begun anew', async () => {
  stage.cloud.faults.add({ kind: 'failing-task', action: 'AssociateAddress', count: 1 })
  stage.decide(binding(eip))
  await stage.work('b-1')
  expectBound({ stage, eip })
  expect(stage.befell('bind-failed')).toBe(1)
})

test('reads that show what was before are waited for', async () => {
  stage.cloud.configure({ staleReadMs: 10_000 })
  stage.decide(binding(eip))
  await stage.work('b-1')
  expectBound({ stage, eip })
  expect(stage.sent).toEqual(['associateAddress'])
})

test('an answered call whose task fails is made again, although the last binding there is still shown', async () => {
  await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.1')
  await stage.unbindByHand(eip.addressId)
  stage.cloud.configure({ staleReadMs: 8_000 })
  stage.cloud.faults.add({ kind: 'failing-task', action: 'AssociateAddress', count: 1 })
  stage.decide(binding(eip))
  await stage.work('b-1')
  stage.cloud.configure({ staleReadMs: 0 })
  expectBound({ stage, eip })
  expect(stage.sent.filter((call) => call === 'associateAddress')).toHaveLength(2)
})
