import { beforeEach, describe, expect, test } from 'vitest'
import { binding, unbinding } from '../src/testing/orders.ts'
import { setWorkerStage, type WorkerStage } from '../src/testing/worker-stage.ts'

/**
 * Pod A has ended, and Pod B has its private address 10.0.0.1. Neither the EIP of A may come to B, nor may what is
 * done for A take B's EIP away.
 */
let stage: WorkerStage
let eipOfA: { addressId: string; publicIp: string }
let eipOfB: { addressId: string; publicIp: string }
let boundAt: string

const ofB = { claim: 'default/other-0', intentId: 'b-2', podUid: 'uid-2' }

beforeEach(async () => {
  stage = setWorkerStage()
  stage.region.upsertInstance({ instanceId: 'ins-1', cpu: 48 })
  stage.region.upsertNetworkInterface({
    networkInterfaceId: 'eni-1',
    instanceId: 'ins-1',
    privateIps: ['10.0.0.1', '10.0.0.2'],
  })
  eipOfA = await stage.givenEip()
  await stage.bindByHand(eipOfA.addressId, 'eni-1', '10.0.0.1')
  boundAt = new Date(stage.clock.now()).toISOString()
  eipOfB = await stage.givenEip()
})

const types = () => stage.told().map(({ type }) => type)

describe.each([0, 8_000])('with reads that show what was %d ms ago', (staleReadMs) => {
  beforeEach(() => void stage.cloud.configure({ staleReadMs }))

  test("B waits until A's EIP is off the address, which it does not touch", async () => {
    stage.decide(binding(eipOfB, ofB))
    await stage.work('b-2', 30_000)
    expect(stage.boundTo(eipOfA.addressId)).toBe('eni-1/10.0.0.1')
    expect(stage.sent).not.toContain('disassociateAddress')
    stage.decide(unbinding(eipOfA, boundAt))
    await stage.work('u-1')
    await stage.work('b-2')
    expect(types()).toContain('AddressUnbound')
    expect(stage.told().at(-1)).toMatchObject({ type: 'AddressBound', data: { ...ofB, ...eipOfB } })
    expect(stage.boundTo(eipOfA.addressId)).toBeNull()
    expect(stage.boundTo(eipOfB.addressId)).toBe('eni-1/10.0.0.1')
  })

  test("A's unbinding comes after B was bound: B keeps its EIP", async () => {
    await stage.unbindByHand(eipOfA.addressId)
    stage.decide(binding(eipOfB, ofB))
    await stage.work('b-2')
    stage.decide(unbinding(eipOfA, boundAt))
    await stage.work('u-1')
    expect(types()).toEqual(['AddressBound', 'AddressUnbound'])
    expect(stage.boundTo(eipOfB.addressId)).toBe('eni-1/10.0.0.1')
    expect(stage.befell('unbind-started', eipOfB.addressId)).toBe(0)
  })

  test('A had an interface of its own, which is still shown with the address: B is bound on the right one', async () => {
    stage.region.removePrivateIp('eni-1', '10.0.0.1')
    const own = (id: string) => ({
      ...{ networkInterfaceId: id, instanceId: 'ins-1' },
      privateIps: ['10.0.0.1'],
    })
    stage.region.upsertNetworkInterface(own('eni-a'))
    await stage.pass(60_000)
    stage.region.removeNetworkInterface('eni-a')
    stage.region.upsertNetworkInterface(own('eni-b'))
    stage.decide(binding(eipOfB, ofB))
    await stage.work('b-2')
    expect(stage.boundTo(eipOfB.addressId)).toBe('eni-b/10.0.0.1')
  })

  test('A ran on another node: B is bound on its own', async () => {
    stage.region.upsertInstance({ instanceId: 'ins-2', cpu: 48 })
    await stage.pass(60_000)
    stage.region.removePrivateIp('eni-1', '10.0.0.1')
    stage.region.upsertNetworkInterface({
      ...{ networkInterfaceId: 'eni-2', instanceId: 'ins-2' },
      privateIps: ['10.0.0.1'],
    })
    stage.decide(binding(eipOfB, { ...ofB, node: 'n2', instanceId: 'ins-2' }))
    await stage.work('b-2')
    expect(stage.boundTo(eipOfB.addressId)).toBe('eni-2/10.0.0.1')
  })
})

describe('a binding of A that is called off', () => {
  beforeEach(() => stage.unbindByHand(eipOfA.addressId))

  test('before it was sent is never sent: B is alone on the address', async () => {
    stage.decide(binding(eipOfA))
    stage.cancel('b-1')
    stage.decide(binding(eipOfB, ofB))
    await stage.work('b-1')
    await stage.work('b-2')
    expect(stage.boundTo(eipOfB.addressId)).toBe('eni-1/10.0.0.1')
    expect(stage.sent).toEqual(['associateAddress'])
  })

  test('after it was sent is told as bound, so that it is unbound; B comes next', async () => {
    stage.decide(binding(eipOfA))
    await stage.step('b-1')
    stage.cancel('b-1')
    stage.decide(binding(eipOfB, ofB))
    await stage.work('b-2', 5_000)
    await stage.work('b-1')
    expect(stage.told()).toMatchObject([{ type: 'AddressBound', data: { ...eipOfA } }])
    stage.decide(unbinding(eipOfA, new Date(stage.clock.now()).toISOString()))
    await stage.work('u-1')
    await stage.work('b-2')
    expect(stage.boundTo(eipOfA.addressId)).toBeNull()
    expect(stage.boundTo(eipOfB.addressId)).toBe('eni-1/10.0.0.1')
  })
})
