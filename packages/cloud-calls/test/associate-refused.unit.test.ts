import { beforeEach, describe, expect, test } from 'vitest'
import { binding } from '../src/testing/orders.ts'
import type { WorkerStage } from '../src/testing/worker-stage.ts'
import { type BindingStage, expectBound, setBindingStage, toldBound } from './binding-stage.ts'

let stage: WorkerStage
let eip: BindingStage['eip']
beforeEach(async () => {
  ;({ stage, eip } = await setBindingStage())
})

describe('refused', () => {
  test('the CVM is full: the binding ends at once, for the queue of the node to go on', async () => {
    stage.region.upsertInstance({ instanceId: 'ins-1', cpu: 8, hasPublicIp: true })
    stage.region.bindForeignAddress('ins-1')
    stage.region.bindForeignAddress('ins-1')
    stage.decide(binding(eip))
    await stage.work('b-1')
    expect(stage.sent).toHaveLength(1)
    expect(stage.told()).toMatchObject([
      {
        type: 'BindingFailed',
        data: {
          node: 'n1',
          code: 'LimitExceeded.InstanceAddressQuota',
          requestId: expect.stringMatching(/-/),
        },
      },
    ])
    expect(stage.boundTo(eip.addressId)).toBeNull()
  })

  test('the CVM is full because an earlier call, not answered, took the place: found bound', async () => {
    stage.region.upsertInstance({ instanceId: 'ins-1', cpu: 4, hasPublicIp: true })
    stage.cloud.faults.add({ kind: 'lost-answer', action: 'AssociateAddress', count: 1 })
    stage.decide(binding(eip))
    await stage.work('b-1')
    expectBound({ stage, eip })
  })

  test('the EIP is gone: the binding ends, and says what comes next', async () => {
    await stage.releaseByHand(eip.addressId)
    stage.decide(binding(eip))
    await stage.work('b-1')
    expect(stage.told()).toMatchObject([
      {
        type: 'BindingFailed',
        data: {
          addressId: eip.addressId,
          node: 'n1',
          code: 'InvalidAddressId.NotFound',
          message: expect.stringContaining('the claim begins anew'),
        },
      },
    ])
  })

  test('somebody is releasing the EIP: the binding ends', async () => {
    stage.cloud.configure({ durations: { release: [60_000, 60_000] } })
    await stage.releaseByHand(eip.addressId)
    stage.decide(binding(eip))
    await stage.work('b-1')
    expect(stage.told()).toMatchObject([
      { type: 'BindingFailed', data: { message: expect.stringContaining('released by somebody else') } },
    ])
  })

  test('arrears are told once, and the binding goes on when they are paid', async () => {
    stage.region.markAddress(eip.addressId, { isArrears: true })
    stage.decide(binding(eip))
    await stage.work('b-1', 300_000)
    expect(stage.sent.length).toBeGreaterThan(2)
    expect(stage.told()).toMatchObject([
      { type: 'CloudCallDelayed', data: { action: 'associate', code: 'OperationDenied.AddressInArrears' } },
    ])
    stage.region.markAddress(eip.addressId, { isArrears: false })
    await stage.work('b-1', 700_000)
    expect(stage.told().at(-1)).toMatchObject(toldBound(eip)[0]!)
  })

  test('for ever: the binding ends with what the cloud said', async () => {
    stage.cloud.faults.add({
      kind: 'error',
      code: 'InvalidParameterConflict',
      message: 'Not both.',
      action: 'AssociateAddress',
    })
    stage.decide(binding(eip))
    await stage.work('b-1')
    expect(stage.sent).toHaveLength(1)
    expect(stage.told()).toMatchObject([
      {
        type: 'BindingFailed',
        data: {
          addressId: eip.addressId,
          node: 'n1',
          code: 'InvalidParameterConflict',
          message: expect.stringContaining('Not both.'),
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      },
    ])
  })
})
