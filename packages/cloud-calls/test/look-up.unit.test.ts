import { beforeEach, describe, expect, test } from 'vitest'
import { binding, lookingUp, unbinding } from '../src/testing/orders.ts'
import { setWorkerStage, type WorkerStage } from '../src/testing/worker-stage.ts'

let stage: WorkerStage
let eip: { addressId: string; publicIp: string }
beforeEach(async () => {
  stage = setWorkerStage()
  stage.region.upsertNetworkInterface({
    networkInterfaceId: 'eni-1',
    instanceId: 'ins-1',
    privateIps: ['10.0.0.1', '10.0.0.2'],
  })
  eip = await stage.givenEip()
})

const completed = (facts: object) => ({
  type: 'LookupCompleted',
  data: {
    claim: 'default/web-0',
    generation: 1,
    intentId: 'l-1',
    free: [],
    inUse: [],
    refused: [],
    ...facts,
  },
})

describe("a look at EIPs of the user's changes nothing", () => {
  test('and finds one free at once', async () => {
    stage.decide(lookingUp([eip.addressId]))
    await stage.step('l-1')
    expect(stage.told()).toMatchObject([completed({ free: [eip] })])
    expect(stage.sent).toEqual([])
  })

  test('one that the account does not have is unknown, but not before what was bought just now would be shown', async () => {
    stage.decide(lookingUp(['eip-nowhere']))
    await stage.work('l-1', 10_000)
    expect(stage.told()).toEqual([])
    await stage.work('l-1')
    expect(stage.told()).toMatchObject([
      completed({ refused: [{ addressId: 'eip-nowhere', reason: 'Unknown' }] }),
    ])
    expect(stage.sent).toEqual([])
  })

  test('one that is shown late is not taken for unknown', async () => {
    const young = await stage.givenEip(1_000)
    stage.cloud.configure({ staleReadMs: 8_000 })
    stage.decide(lookingUp([young.addressId]))
    await stage.work('l-1')
    expect(stage.told()).toMatchObject([completed({ free: [young] })])
  })

  test.each([
    ['this cluster', { key: 'pod-eip/allocation', value: 'a-1' }],
    ['another one', { key: 'tke-created-eip', value: 'yes' }],
  ])('one that was created for a Pod of %s is refused', async (_, tag) => {
    const created = await stage.givenEip(60_000, [tag])
    stage.decide(lookingUp([created.addressId]))
    await stage.step('l-1')
    const refused = [{ addressId: created.addressId, reason: 'CreatedForCluster' }]
    expect(stage.told()).toMatchObject([completed({ refused })])
  })

  test('one that was created is refused wherever it is bound', async () => {
    const created = await stage.givenEip(60_000, [{ key: 'tke-created-eip', value: 'yes' }])
    await stage.bindByHand(created.addressId, 'eni-1', '10.0.0.2')
    stage.decide(lookingUp([created.addressId]))
    await stage.step('l-1')
    expect(stage.told()).toMatchObject([completed({ refused: [{ addressId: created.addressId }] })])
  })

  test('called off, it ends at once', async () => {
    stage.decide(lookingUp(['eip-nowhere']))
    stage.cancel('l-1')
    await stage.step('l-1')
    expect(stage.told()).toMatchObject([{ type: 'LookupAbandoned', data: { intentId: 'l-1' } }])
  })

  test('a refusal of the cloud that is final ends it', async () => {
    const code = 'InvalidParameterValue'
    stage.cloud.faults.add({ kind: 'error', code, message: 'No.', action: 'DescribeAddresses' })
    stage.decide(lookingUp([eip.addressId]))
    await stage.work('l-1')
    expect(stage.told()).toMatchObject([{ type: 'LookupFailed', data: { code } }])
  })
})

describe('an EIP that somebody else has bound', () => {
  beforeEach(() => stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.2'))

  test('is told and looked at again, and is there once they let go', async () => {
    stage.decide(lookingUp([eip.addressId]))
    await stage.work('l-1', 120_000)
    expect(stage.told()).toMatchObject([
      {
        type: 'CloudCallDelayed',
        data: {
          code: 'ListedAddressInUse',
          message: `EIP ${eip.addressId} is bound to ins-1 at 10.0.0.2 by somebody else and is not touched; unbind it there, or name another EIP in annotation eip-id-list.`,
        },
      },
    ])
    await stage.unbindByHand(eip.addressId)
    await stage.work('l-1', 60_000)
    expect(stage.told().at(-1)).toMatchObject(completed({ free: [eip] }))
    expect(stage.sent).toEqual([])
  })

  test('is passed over at once where others are left to try', async () => {
    stage.decide(lookingUp([eip.addressId], { patient: false }))
    await stage.step('l-1')
    expect(stage.told()).toMatchObject([completed({ inUse: [eip.addressId] })])
  })

  test('gives way to one that is free', async () => {
    const other = await stage.givenEip()
    stage.decide(lookingUp([eip.addressId, other.addressId]))
    await stage.step('l-1')
    expect(stage.told()).toMatchObject([completed({ free: [other], inUse: [eip.addressId] })])
  })

  test('is not unbound in order to be bound to the Pod: it is looked up anew (I4)', async () => {
    stage.decide(binding(eip, { source: 'listed' }))
    await stage.work('b-1')
    expect(stage.told()).toMatchObject([{ type: 'BindingFailed', data: { code: 'ListedAddressNotFree' } }])
    expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.2')
    expect(stage.sent).not.toContain('disassociateAddress')
  })

  test('stays where it is when a Pod ends that had it before', async () => {
    const boundAt = new Date(stage.clock.now() - 60_000).toISOString()
    stage.decide(unbinding(eip, boundAt, { source: 'listed' }))
    await stage.work('u-1')
    expect(stage.told()).toMatchObject([{ type: 'AddressUnbound' }])
    expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.2')
    expect(stage.sent).toEqual([])
  })
})

test('one that somebody released before it was bound is looked up anew', async () => {
  await stage.releaseByHand(eip.addressId)
  stage.decide(binding(eip, { source: 'listed' }))
  await stage.work('b-1')
  expect(stage.told()).toMatchObject([{ type: 'BindingFailed', data: { code: 'ListedAddressNotFree' } }])
})

test('is never unbound blindly: shown free so soon after our binding, it is waited for', async () => {
  stage.decide(unbinding(eip, new Date(stage.clock.now()).toISOString(), { source: 'listed' }))
  await stage.work('u-1')
  expect(stage.told()).toMatchObject([{ type: 'AddressUnbound' }])
  expect(stage.sent).toEqual([])
})
