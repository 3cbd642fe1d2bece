import { beforeEach, describe, expect, test } from 'vitest'
import { unbinding } from '../src/testing/orders.ts'
import { setWorkerStage, type WorkerStage } from '../src/testing/worker-stage.ts'

let stage: WorkerStage
let eip: { addressId: string; publicIp: string }
/** When our binding was recorded, ISO 8601. */
let boundAt: string
beforeEach(async () => {
  stage = setWorkerStage()
  stage.region.upsertNetworkInterface({ networkInterfaceId: 'eni-1', privateIps: ['10.0.0.1', '10.0.0.2'] })
  eip = await stage.givenEip()
  await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.1')
  boundAt = new Date(stage.clock.now()).toISOString()
})

function expectUnbound(): void {
  expect(stage.told()).toMatchObject([
    {
      type: 'AddressUnbound',
      data: {
        claim: 'default/web-0',
        generation: 1,
        intentId: 'u-1',
        addressId: eip.addressId,
        bindingId: 'b-1',
        node: 'n1',
      },
    },
  ])
}

test('a look that shows what was a minute ago does not take a binding for undone', async () => {
  await stage.pass(40_000)
  stage.cloud.configure({ staleReadMs: 60_000 })
  stage.decide(unbinding(eip, boundAt))
  await stage.work('u-1')
  expectUnbound()
  expect(stage.boundTo(eip.addressId)).toBeNull()
  expect(stage.sent).toEqual(['disassociateAddress'])
})

test('a refusal that comes while the cloud unbinds it by itself does not take that for done', async () => {
  await stage.pass(20_000)
  stage.cloud.configure({ staleReadMs: 60_000 })
  stage.region.removePrivateIp('eni-1', '10.0.0.1')
  stage.decide(unbinding(eip, boundAt))
  await stage.step('u-1')
  expect(stage.told()).toEqual([])
  await stage.work('u-1')
  expectUnbound()
  expect(stage.boundTo(eip.addressId)).toBeNull()
})

describe('a Pod that ended', () => {
  beforeEach(() => stage.pass(80_000))

  test.each(['BIND_ENI', 'BIND'] as const)('one call unbinds its EIP (%s)', async (shown) => {
    stage.cloud.configure({ boundToInterface: shown })
    stage.decide(unbinding(eip, boundAt))
    await stage.work('u-1')
    expectUnbound()
    expect(stage.boundTo(eip.addressId)).toBeNull()
    expect(stage.sent).toEqual(['disassociateAddress'])
  })

  test.each(['close', 'hang'] as const)(
    'the answer does not come (%s): waited for until it has settled, no second call',
    async (how) => {
      stage.cloud.faults.add({ kind: 'lost-answer', how, action: 'DisassociateAddress', count: 1 })
      stage.decide(unbinding(eip, boundAt))
      const began = stage.clock.now()
      await stage.work('u-1')
      expectUnbound()
      expect(stage.sent).toEqual(['disassociateAddress'])
      expect(stage.clock.now() - began).toBeGreaterThanOrEqual(15_000)
    },
  )

  test('the call did not arrive: made again once it can no longer work', async () => {
    stage.cloud.faults.add({ kind: 'lost-request', action: 'DisassociateAddress', count: 1 })
    stage.decide(unbinding(eip, boundAt))
    await stage.work('u-1')
    expectUnbound()
    expect(stage.boundTo(eip.addressId)).toBeNull()
    expect(stage.sent).toHaveLength(2)
  })

  test('a task that fails is begun anew', async () => {
    stage.cloud.faults.add({ kind: 'failing-task', action: 'DisassociateAddress', count: 1 })
    stage.decide(unbinding(eip, boundAt))
    await stage.work('u-1')
    expectUnbound()
    expect(stage.befell('unbound', eip.addressId)).toBe(1)
  })

  test('reads that show what was before are waited for', async () => {
    stage.cloud.configure({ staleReadMs: 10_000 })
    stage.decide(unbinding(eip, boundAt))
    await stage.work('u-1')
    expectUnbound()
    expect(stage.sent).toEqual(['disassociateAddress'])
  })

  test('the cloud has unbound it by itself: nothing is called', async () => {
    stage.region.removePrivateIp('eni-1', '10.0.0.1')
    await stage.pass(1_000)
    stage.decide(unbinding(eip, boundAt))
    await stage.work('u-1')
    expectUnbound()
    expect(stage.sent).toEqual([])
  })

  test.each([
    ['it is gone', 1_000],
    ['somebody is releasing it', 60_000],
  ])('%s: nothing is called', async (_, releaseMs) => {
    stage.cloud.configure({ durations: { release: [releaseMs, releaseMs] } })
    await stage.unbindByHand(eip.addressId)
    await stage.releaseByHand(eip.addressId)
    stage.decide(unbinding(eip, boundAt))
    await stage.work('u-1')
    expectUnbound()
    expect(stage.sent).toEqual([])
  })

  test('a refusal is told and never the end: an address would be left behind', async () => {
    stage.cloud.faults.add({
      kind: 'error',
      code: 'InvalidParameterConflict',
      message: 'Not both.',
      action: 'DisassociateAddress',
    })
    stage.decide(unbinding(eip, boundAt))
    await stage.work('u-1', 600_000)
    expect(stage.told()).toMatchObject([
      {
        type: 'CloudCallDelayed',
        data: {
          action: 'disassociate',
          code: 'InvalidParameterConflict',
          message: expect.stringContaining('Not both.'),
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      },
    ])
    stage.cloud.faults.clear()
    await stage.work('u-1')
    expect(stage.told().at(-1)).toMatchObject({ type: 'AddressUnbound' })
    expect(stage.boundTo(eip.addressId)).toBeNull()
  })
})

describe('bound elsewhere by somebody else, it is not touched (I4)', () => {
  beforeEach(() => {
    stage.region.upsertNetworkInterface({
      networkInterfaceId: 'eni-2',
      vpcId: 'vpc-other',
      privateIps: ['10.0.0.1', '10.0.0.8'],
    })
  })

  test.each([
    ['another address', 'eni-2', '10.0.0.8'],
    ['the same address of another VPC', 'eni-2', '10.0.0.1'],
    ['another address of the same interface', 'eni-1', '10.0.0.2'],
  ])('to %s', async (_, networkInterfaceId, privateIp) => {
    await stage.unbindByHand(eip.addressId)
    await stage.bindByHand(eip.addressId, networkInterfaceId, privateIp)
    await stage.pass(60_000)
    stage.decide(unbinding(eip, boundAt))
    await stage.work('u-1')
    expectUnbound()
    expect(stage.sent).toEqual([])
    expect(stage.boundTo(eip.addressId)).toBe(`${networkInterfaceId}/${privateIp}`)
  })

  test('what an earlier binding shows late is waited for', async () => {
    await stage.unbindByHand(eip.addressId)
    await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.2')
    await stage.pass(60_000)
    await stage.unbindByHand(eip.addressId)
    await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.1')
    stage.cloud.configure({ staleReadMs: 3_000 })
    stage.decide(unbinding(eip, new Date(stage.clock.now()).toISOString()))
    await stage.work('u-1')
    expectUnbound()
    expect(stage.boundTo(eip.addressId)).toBeNull()
  })
})

describe('bound a moment ago, a read may show what was before', () => {
  test('unbound: the call is made all the same', async () => {
    stage.cloud.faults.add({ kind: 'stale-read', ms: 5_000, action: 'DescribeAddresses', count: 1 })
    stage.decide(unbinding(eip, boundAt))
    await stage.work('u-1')
    expectUnbound()
    expect(stage.boundTo(eip.addressId)).toBeNull()
    expect(stage.sent).toEqual(['disassociateAddress'])
  })

  test('unbound, while the task of an answered call fails: it is not taken for the end', async () => {
    stage.cloud.faults.add({ kind: 'failing-task', action: 'DisassociateAddress', count: 1 })
    stage.decide(unbinding(eip, boundAt))
    await stage.step('u-1')
    stage.cloud.faults.add({ kind: 'stale-read', ms: 8_000, action: 'DescribeAddresses', count: 1 })
    await stage.work('u-1')
    expectUnbound()
    expect(stage.boundTo(eip.addressId)).toBeNull()
  })

  test('not there at all: it is not taken for gone', async () => {
    const young = await stage.givenEip(2_000)
    await stage.bindByHand(young.addressId, 'eni-1', '10.0.0.2')
    stage.cloud.faults.add({ kind: 'stale-read', ms: 10_000, action: 'DescribeAddresses', count: 1 })
    const facts = { privateIp: '10.0.0.2' }
    stage.decide(unbinding(young, new Date(stage.clock.now()).toISOString(), facts))
    await stage.work('u-1')
    expect(stage.told()).toMatchObject([{ type: 'AddressUnbound', data: { addressId: young.addressId } }])
    expect(stage.boundTo(young.addressId)).toBeNull()
  })
})
