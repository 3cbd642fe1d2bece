import { beforeEach, describe, expect, test } from 'vitest'
import { binding } from '../src/testing/orders.ts'
import { setWorkerStage, type WorkerStage } from '../src/testing/worker-stage.ts'

let stage: WorkerStage
let eip: { addressId: string; publicIp: string }
beforeEach(async () => {
  stage = setWorkerStage()
  stage.region.upsertInstance({ instanceId: 'ins-1', cpu: 8 })
  stage.region.upsertNetworkInterface({
    networkInterfaceId: 'eni-1',
    instanceId: 'ins-1',
    privateIps: ['10.0.0.1', '10.0.0.2'],
  })
  eip = await stage.givenEip()
})

const bound = (networkInterfaceId = 'eni-1', privateIp = '10.0.0.1') => [
  {
    type: 'AddressBound',
    data: {
      claim: 'default/web-0',
      generation: 1,
      intentId: 'b-1',
      ...eip,
      podUid: 'uid-1',
      node: 'n1',
      privateIp,
      networkInterfaceId,
    },
  },
]

function expectBound(networkInterfaceId?: string, privateIp?: string): void {
  expect(stage.told()).toMatchObject(bound(networkInterfaceId, privateIp))
  expect(stage.boundTo(eip.addressId)).toBe(`${networkInterfaceId ?? 'eni-1'}/${privateIp ?? '10.0.0.1'}`)
}

test.each(['BIND_ENI', 'BIND'] as const)('one call binds it; the cloud shows %s', async (shown) => {
  stage.cloud.configure({ boundToInterface: shown })
  stage.decide(binding(eip))
  await stage.work('b-1')
  expectBound()
  expect(stage.sent).toEqual(['associateAddress'])
})

describe('looks that show what was a minute ago', () => {
  beforeEach(() => stage.cloud.configure({ staleReadMs: 60_000 }))

  test('an EIP that is not shown yet is not taken for released by somebody', async () => {
    eip = await stage.givenEip(1_000)
    stage.decide(binding(eip))
    await stage.work('b-1')
    // That calls are refused because it is bound already is told meanwhile.
    expect(stage.told().at(-1)).toMatchObject(bound()[0]!)
    expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.1')
  })

  test('an earlier binding elsewhere is not undone, which would undo this one', async () => {
    await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.2')
    await stage.pass(60_000)
    await stage.unbindByHand(eip.addressId)
    stage.decide(binding(eip))
    await stage.work('b-1')
    expectBound()
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
    expectBound()
    expect(stage.sent).toEqual(['associateAddress'])
  })

  test('the call did not work: made again once it can no longer work', async () => {
    stage.cloud.faults.add({ kind: 'lost-request', action: 'AssociateAddress', count: 1 })
    stage.decide(binding(eip))
    const began = stage.clock.now()
    await stage.work('b-1')
    expectBound()
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
    expectBound()
  })
})

test('a task that fails is begun anew', async () => {
  stage.cloud.faults.add({ kind: 'failing-task', action: 'AssociateAddress', count: 1 })
  stage.decide(binding(eip))
  await stage.work('b-1')
  expectBound()
  expect(stage.befell('bind-failed')).toBe(1)
})

test('reads that show what was before are waited for', async () => {
  stage.cloud.configure({ staleReadMs: 10_000 })
  stage.decide(binding(eip))
  await stage.work('b-1')
  expectBound()
  expect(stage.sent).toEqual(['associateAddress'])
})

describe('called off', () => {
  test('before the call: nothing is asked of the cloud', async () => {
    stage.decide(binding(eip))
    stage.cancel('b-1')
    await stage.work('b-1')
    expect(stage.told()).toMatchObject([
      { type: 'BindingAbandoned', data: { addressId: eip.addressId, node: 'n1' } },
    ])
    expect(stage.sent).toEqual([])
  })

  test('after a call that was refused: as if none had been made', async () => {
    stage.region.markAddress(eip.addressId, { isArrears: true })
    stage.decide(binding(eip))
    await stage.step('b-1')
    stage.cancel('b-1')
    expect(await stage.step('b-1')).toEqual({ kind: 'done' })
    expect(stage.told().at(-1)).toMatchObject({ type: 'BindingAbandoned' })
  })

  test('after a call that worked: told as bound', async () => {
    stage.decide(binding(eip))
    await stage.step('b-1')
    stage.cancel('b-1')
    await stage.work('b-1')
    expectBound()
  })

  test("after a call that worked and the Pod's address has gone: its task tells, and time need not", async () => {
    stage.decide(binding(eip))
    await stage.step('b-1')
    await stage.pass(3_000)
    stage.region.removePrivateIp('eni-1', '10.0.0.1')
    await stage.pass(3_000)
    expect(stage.boundTo(eip.addressId)).toBeNull()
    stage.cancel('b-1')
    expect(await stage.step('b-1')).toEqual({ kind: 'done' })
    expect(stage.told()).toMatchObject([{ type: 'AddressBound', data: { privateIp: '10.0.0.1' } }])
  })

  test('after a call of which nothing tells: looked at ever more rarely until time does', async () => {
    stage.cloud.faults.add({ kind: 'no-task-id', action: 'AssociateAddress' })
    stage.decide(binding(eip))
    await stage.step('b-1')
    await stage.pass(3_000)
    stage.region.removePrivateIp('eni-1', '10.0.0.1')
    await stage.pass(3_000)
    stage.cancel('b-1')
    let looks = 0
    for (let handled = await stage.step('b-1'); handled.kind === 'again'; looks += 1) {
      await stage.pass(handled.delayMs)
      handled = await stage.step('b-1')
    }
    expect(stage.told()).toMatchObject([{ type: 'BindingAbandoned' }])
    expect(looks).toBeLessThan(40)
  })

  test('after a call that did not work: given up once it can no longer work', async () => {
    stage.cloud.faults.add({ kind: 'lost-request', action: 'AssociateAddress', count: 1 })
    stage.decide(binding(eip))
    await stage.step('b-1')
    stage.cancel('b-1')
    const called = stage.clock.now()
    await stage.work('b-1')
    expect(stage.told()).toMatchObject([{ type: 'BindingAbandoned' }])
    expect(stage.clock.now() - called).toBeGreaterThanOrEqual(15_000)
    expect(stage.sent).toEqual(['associateAddress'])
  })

  test('after a call, the interface gone and the EIP released by somebody: given up', async () => {
    stage.decide(binding(eip))
    await stage.step('b-1')
    await stage.pass(5_000)
    stage.region.removePrivateIp('eni-1', '10.0.0.1')
    await stage.pass(5_000)
    await stage.releaseByHand(eip.addressId)
    stage.cancel('b-1')
    await stage.work('b-1')
    expect(stage.told().at(-1)).toMatchObject({ type: 'BindingAbandoned' })
  })

  test('while it is bound where an earlier Pod was: left to the next binding', async () => {
    await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.2')
    stage.cloud.faults.add({ kind: 'lost-request', action: 'AssociateAddress', count: 1 })
    stage.decide(binding(eip))
    await stage.step('b-1')
    stage.cancel('b-1')
    await stage.work('b-1')
    expect(stage.told()).toMatchObject([{ type: 'BindingAbandoned' }])
    expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.2')
  })
})

describe('bound where an earlier Pod was, because a call came late', () => {
  test('it is freed and bound anew', async () => {
    await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.2')
    await stage.pass(60_000)
    stage.decide(binding(eip))
    await stage.work('b-1')
    expectBound()
    expect(stage.befell('unbound')).toBe(1)
  })

  test('a freeing whose answer does not come cannot free the new binding', async () => {
    await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.2')
    await stage.pass(60_000)
    // Carried out after the worker has given up waiting for the answer, but before it has to have settled.
    stage.cloud.faults.add({ kind: 'latency', ms: 14_000, action: 'DisassociateAddress', count: 1 })
    stage.decide(binding(eip))
    await stage.work('b-1')
    expectBound()
    await stage.pass(60_000)
    expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.1')
  })
})

describe("which interface has the Pod's address", () => {
  beforeEach(() => {
    stage.region.upsertInstance({ instanceId: 'ins-2', cpu: 8 })
    stage.region.upsertNetworkInterface({
      networkInterfaceId: 'eni-2',
      vpcId: 'vpc-other',
      instanceId: 'ins-2',
      privateIps: ['10.0.0.1'],
    })
  })

  test("of two VPCs with the same address, the one on the node's CVM", async () => {
    stage.decide(binding(eip, { instanceId: 'ins-2' }))
    await stage.work('b-1')
    expectBound('eni-2')
  })

  test('without the CVM nothing is guessed, and the user is told', async () => {
    stage.decide(binding(eip, { instanceId: null }))
    await stage.work('b-1', 60_000)
    expect(stage.sent).toEqual([])
    expect(stage.told()).toMatchObject([
      {
        type: 'CloudCallDelayed',
        data: {
          action: 'associate',
          code: 'NetworkInterfaceNotUnique',
          message:
            "The cloud knows 2 network interfaces with the Pod's address 10.0.0.1, and Node n1 names no CVM to tell them apart; check its spec.providerID.",
        },
      },
    ])
    stage.region.removeNetworkInterface('eni-1')
    await stage.work('b-1')
    expect(stage.told().at(-1)).toMatchObject(bound('eni-2')[0]!)
  })

  test('none yet: looked for again, and told when it stays away', async () => {
    stage.decide(binding(eip, { privateIp: '10.0.0.9' }))
    await stage.work('b-1', 3_000)
    expect(stage.told()).toEqual([])
    await stage.work('b-1', 60_000)
    expect(stage.told()).toMatchObject([
      {
        type: 'CloudCallDelayed',
        data: {
          code: 'NetworkInterfaceNotFound',
          message: expect.stringContaining('10.0.0.9 on ins-1; check that the Pod uses VPC-CNI'),
        },
      },
    ])
    stage.region.assignPrivateIp('eni-1', '10.0.0.9')
    await stage.work('b-1')
    expect(stage.told()).toHaveLength(2)
    expect(stage.told().at(-1)).toMatchObject(bound('eni-1', '10.0.0.9')[0]!)
  })
})

test("a network interface of the Pod's own: its primary address", async () => {
  stage.region.upsertNetworkInterface({
    networkInterfaceId: 'eni-of-pod',
    instanceId: 'ins-1',
    privateIps: ['10.0.0.7'],
  })
  stage.decide(binding(eip, { privateIp: '10.0.0.7' }))
  await stage.work('b-1')
  expectBound('eni-of-pod', '10.0.0.7')
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
    expectBound()
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
    expect(stage.told().at(-1)).toMatchObject(bound()[0]!)
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

test('an answered call whose task fails is made again, although the last binding there is still shown', async () => {
  await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.1')
  await stage.unbindByHand(eip.addressId)
  stage.cloud.configure({ staleReadMs: 8_000 })
  stage.cloud.faults.add({ kind: 'failing-task', action: 'AssociateAddress', count: 1 })
  stage.decide(binding(eip))
  await stage.work('b-1')
  stage.cloud.configure({ staleReadMs: 0 })
  expectBound()
  expect(stage.sent.filter((call) => call === 'associateAddress')).toHaveLength(2)
})
