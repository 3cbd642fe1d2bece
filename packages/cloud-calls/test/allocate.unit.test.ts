import { defaultAttributes } from '@pod-eip/domain'
import { beforeEach, describe, expect, test } from 'vitest'
import { allocation } from '../src/testing/orders.ts'
import { setWorkerStage, type WorkerStage } from '../src/testing/worker-stage.ts'

let stage: WorkerStage
beforeEach(() => {
  stage = setWorkerStage()
})

/** The one EIP that the cloud has for us, as the outcome names it. */
function onlyEip() {
  const addresses = stage.region.addresses()
  expect(addresses).toHaveLength(1)
  return { addressId: addresses[0]!.addressId, publicIp: addresses[0]!.addressIp }
}

function expectCompleted() {
  expect(stage.told()).toMatchObject([
    {
      type: 'AllocationCompleted',
      data: {
        claim: 'default/web-0',
        generation: 1,
        intentId: 'i-1',
        allocationId: 'a-1',
        addresses: [onlyEip()],
      },
    },
  ])
}

const tokens = () => stage.region.ledger().flatMap((e) => (e.event === 'allocated' ? [e.clientToken] : []))

describe('the ordinary way', () => {
  test('one call brings one EIP, tagged so that it can be found again', async () => {
    stage.decide(
      allocation({ attributes: { ...defaultAttributes, tags: [{ key: 'team', value: 'games' }] } }),
    )
    await stage.work('i-1')
    expectCompleted()
    expect(stage.sent).toEqual(['allocateAddresses'])
    expect(tokens()).toEqual(['a-1'])
    expect(stage.region.addresses()[0]).toMatchObject({
      addressName: 'default_web-0',
      bandwidth: 100,
      tags: [
        { key: 'team', value: 'games' },
        { key: 'tke-clusterId', value: 'cls-1' },
        { key: 'tke-created-eip', value: 'yes' },
        { key: 'pod-eip/allocation', value: 'a-1' },
      ],
    })
  })

  test('the user names the EIP, but cannot take our tags away', async () => {
    const tags = [{ key: 'tke-clusterId', value: 'another' }]
    stage.decide(allocation({ attributes: { ...defaultAttributes, addressName: 'mine', tags } }))
    await stage.work('i-1')
    const [address] = stage.region.addresses()
    expect(address!.addressName).toBe('mine')
    expect(address!.tags.filter((t) => t.key === 'tke-clusterId')).toEqual([
      { key: 'tke-clusterId', value: 'cls-1' },
    ])
  })
})

describe('an answer that does not come', () => {
  test.each([
    ['the connection closes', { kind: 'lost-answer', how: 'close' }],
    ['nothing ever comes', { kind: 'lost-answer', how: 'hang' }],
    ['a gateway answers instead', { kind: 'http-error', carriedOut: true }],
  ] as const)('%s: the EIP is found by its tag', async (_, fault) => {
    stage.cloud.faults.add({ ...fault, action: 'AllocateAddresses', count: 1 })
    stage.decide(allocation())
    await stage.work('i-1')
    expectCompleted()
    expect(stage.sent).toEqual(['allocateAddresses'])
  })

  test('and the reads show what was before: the same token brings no second EIP', async () => {
    stage.cloud.faults.add({ kind: 'lost-answer', action: 'AllocateAddresses', count: 1 })
    stage.cloud.configure({ staleReadMs: 8_000 })
    stage.decide(allocation())
    await stage.work('i-1')
    expectCompleted()
    expect(stage.sent.length).toBeGreaterThan(1)
    expect(stage.befell('allocated')).toBe(1)
  })

  test('a call that never arrived is made again under the same token', async () => {
    stage.cloud.faults.add({ kind: 'lost-request', action: 'AllocateAddresses', count: 2 })
    stage.decide(allocation())
    await stage.work('i-1')
    expectCompleted()
    expect(tokens()).toEqual(['a-1'])
  })
})

describe('an order that the cloud does not deliver', () => {
  test('the EIP fails while it is created: a new token, because the task says so', async () => {
    stage.cloud.faults.add({ kind: 'failing-task', action: 'AllocateAddresses', count: 1 })
    stage.decide(allocation())
    await stage.work('i-1')
    expectCompleted()
    expect(tokens()).toEqual(['a-1', 'a-1-1'])
  })

  test('DeliveryFailed demands a new token', async () => {
    stage.cloud.faults.add({
      kind: 'error',
      code: 'UnsupportedOperation.DeliveryFailed',
      action: 'AllocateAddresses',
      count: 1,
    })
    stage.decide(allocation())
    await stage.work('i-1')
    expectCompleted()
    expect(tokens()).toEqual(['a-1-1'])
  })
})

test('an EIP that is not shown for longer than anybody expects is still the one that was brought', async () => {
  stage.cloud.configure({ staleReadMs: 55_000 })
  stage.decide(allocation())
  await stage.work('i-1')
  expectCompleted()
  expect(new Set(tokens())).toEqual(new Set(['a-1']))
})

test('reads that show what was before are waited for, not acted on', async () => {
  stage.cloud.configure({ staleReadMs: 10_000 })
  stage.decide(allocation())
  await stage.work('i-1')
  expectCompleted()
  expect(stage.sent).toEqual(['allocateAddresses'])
})

describe('called off', () => {
  test('before the call: nothing is asked of the cloud', async () => {
    stage.decide(allocation())
    stage.cancel('i-1')
    await stage.work('i-1')
    expect(stage.sent).toEqual([])
    expect(stage.told()).toMatchObject([{ type: 'AllocationAbandoned', data: { intentId: 'i-1' } }])
  })

  test('after the call: what it brought is told', async () => {
    stage.decide(allocation())
    await stage.step('i-1')
    stage.cancel('i-1')
    await stage.work('i-1')
    expectCompleted()
  })

  test('after a call without an answer that worked: what it brought is told, however late it is seen', async () => {
    stage.cloud.faults.add({ kind: 'lost-answer', action: 'AllocateAddresses', count: 1 })
    stage.cloud.configure({ staleReadMs: 12_000 })
    stage.decide(allocation())
    await stage.step('i-1')
    stage.cancel('i-1')
    await stage.work('i-1')
    expectCompleted()
    expect(stage.sent).toEqual(['allocateAddresses'])
  })

  test('after a refused repeat of a call without an answer: the refusal says nothing about the first', async () => {
    stage.cloud.configure({ staleReadMs: 12_000 })
    stage.cloud.faults.add({ kind: 'lost-answer', action: 'AllocateAddresses', count: 1 })
    stage.decide(allocation())
    await stage.step('i-1')
    stage.cloud.faults.add({ kind: 'error', code: 'RequestLimitExceeded', action: 'AllocateAddresses' })
    await stage.step('i-1')
    expect(stage.sent).toHaveLength(2)
    stage.cancel('i-1')
    await stage.work('i-1')
    expectCompleted()
  })

  test('after a call without an answer that did not work: given up once it can no longer work', async () => {
    stage.cloud.faults.add({ kind: 'lost-request', action: 'AllocateAddresses', count: 1 })
    stage.decide(allocation())
    await stage.step('i-1')
    stage.cancel('i-1')
    const called = stage.clock.now()
    await stage.work('i-1')
    expect(stage.told()).toMatchObject([{ type: 'AllocationAbandoned' }])
    expect(stage.clock.now() - called).toBeGreaterThanOrEqual(15_000)
    expect(stage.region.addresses()).toEqual([])
  })
})

describe('refused', () => {
  test('a quota is told once for each code, with the time of the next try', async () => {
    stage.cloud.configure({ quotas: { total: 0 } })
    stage.decide(allocation())
    await stage.work('i-1', 300_000)
    expect(stage.sent.length).toBeGreaterThan(3)
    expect(stage.told()).toMatchObject([
      {
        type: 'CloudCallDelayed',
        data: {
          action: 'allocate',
          code: 'AddressQuotaLimitExceeded',
          message: expect.stringContaining('quota of 0'),
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      },
    ])
    const [first] = stage.told()
    const wait = Date.parse((first!.data as { retryAt: string }).retryAt) - Date.parse(first!.occurredAt)
    expect(wait).toBeGreaterThanOrEqual(15_000)
    expect(wait).toBeLessThanOrEqual(30_000)

    stage.cloud.configure({ quotas: { total: 20, daily: 0 } })
    await stage.work('i-1', 700_000)
    expect(stage.told().map((e) => 'code' in e.data && e.data.code)).toEqual([
      'AddressQuotaLimitExceeded',
      'AddressQuotaLimitExceeded.DailyAllocate',
    ])
    stage.cloud.configure({ quotas: { daily: 1000 } })
    await stage.work('i-1', 700_000)
    expect(stage.told().at(-1)).toMatchObject({ type: 'AllocationCompleted' })
  })

  test('for ever: the allocation ends with what the cloud said', async () => {
    stage.cloud.faults.add({ kind: 'error', code: 'InvalidParameterValue.Range', message: 'Too wide.' })
    stage.decide(allocation())
    await stage.work('i-1')
    expect(stage.sent).toHaveLength(1)
    expect(stage.told()).toMatchObject([
      {
        type: 'AllocationFailed',
        data: {
          claim: 'default/web-0',
          generation: 1,
          intentId: 'i-1',
          code: 'InvalidParameterValue.Range',
          message: expect.stringContaining('Too wide.'),
          requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
        },
      },
    ])
  })

  test('for want of a permission: told, and tried again until somebody grants it', async () => {
    stage.cloud.setAccount({ deniedActions: ['AllocateAddresses'] })
    stage.decide(allocation())
    await stage.work('i-1', 300_000)
    expect(stage.told()).toMatchObject([
      {
        type: 'CloudCallDelayed',
        data: { code: 'UnauthorizedOperation', message: expect.stringContaining('not authorized') },
      },
    ])
    stage.cloud.setAccount({ deniedActions: [] })
    await stage.work('i-1', 700_000)
    expect(stage.told().at(-1)).toMatchObject({ type: 'AllocationCompleted' })
  })

  test('for a moment: tried again without a word', async () => {
    stage.cloud.faults.add({ kind: 'error', code: 'RequestLimitExceeded', count: 5 })
    stage.decide(allocation())
    await stage.work('i-1')
    expectCompleted()
  })
})

test('an EIP that somebody binds before it is seen: told and not touched, and goes on once they let go', async () => {
  stage.region.upsertInstance({ instanceId: 'ins-1', cpu: 8 })
  stage.region.upsertNetworkInterface({
    ...{ networkInterfaceId: 'eni-1', instanceId: 'ins-1', privateIps: ['10.0.0.9'] },
  })
  const unseen = { kind: 'error' as const, code: 'InternalServerError', action: 'DescribeAddresses' }
  const { id } = stage.cloud.faults.add(unseen)
  stage.decide(allocation())
  await stage.work('i-1', 5_000)
  stage.cloud.faults.remove(id)
  await stage.bindByHand(onlyEip().addressId, 'eni-1', '10.0.0.9')
  await stage.work('i-1', 60_000)
  expect(stage.told()).toMatchObject([
    {
      type: 'CloudCallDelayed',
      data: {
        code: 'AddressBoundElsewhere',
        message: expect.stringMatching(
          / was allocated, and somebody bound it to .+ before it could be bound here/,
        ),
      },
    },
  ])
  await stage.unbindByHand(onlyEip().addressId)
  await stage.work('i-1')
  expect(stage.told().at(-1)).toMatchObject({ type: 'AllocationCompleted' })
  expect(stage.sent).toEqual(['allocateAddresses'])
})
