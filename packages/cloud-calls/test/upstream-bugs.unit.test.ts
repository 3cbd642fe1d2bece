import { beforeEach, expect, test } from 'vitest'
import { allocation, binding, unbinding } from '../src/testing/orders.ts'
import { setWorkerStage, type WorkerStage } from '../src/testing/worker-stage.ts'

/** Faults that TKE's own component had, by the version that mended them. */
let stage: WorkerStage
beforeEach(() => {
  stage = setWorkerStage()
})

test.each(['lost-answer', 'http-error', 'latency'] as const)(
  'an EIP created twice after network trouble (v3.3.9): %s',
  async (trouble) => {
    const action = 'AllocateAddresses'
    if (trouble === 'lost-answer') stage.cloud.faults.add({ kind: 'lost-answer', action, count: 3 })
    if (trouble === 'http-error') {
      stage.cloud.faults.add({ kind: 'http-error', status: 504, carriedOut: true, action, count: 3 })
    }
    if (trouble === 'latency') stage.cloud.faults.add({ kind: 'latency', ms: 14_000, action, count: 1 })
    // Neither what the cloud remembers of a token nor what it shows at once can be relied on.
    stage.cloud.configure({ clientTokenMs: 60_000, staleReadMs: 5_000 })
    stage.decide(allocation())
    await stage.step('i-1', 'worker-that-dies')
    await stage.pass(25_000)
    await stage.work('i-1')
    await stage.pass(60_000)
    expect(stage.region.addresses()).toHaveLength(1)
    expect(stage.befell('allocated')).toBe(1)
    expect(stage.told()).toMatchObject([{ type: 'AllocationCompleted' }])
  },
)

// What comes before the orders, and the lost Node: test/calls/node-lost.unit.test.ts.
test('EIP invalid after nodeLost (v3.4.5): the orders that follow are carried out', async () => {
  const attach = (node: number) => {
    stage.region.upsertInstance({ instanceId: `ins-${node}`, cpu: 8 })
    stage.region.upsertNetworkInterface({
      ...{ networkInterfaceId: `eni-${node}`, instanceId: `ins-${node}` },
      privateIps: [`10.0.${node}.1`],
    })
  }
  attach(1)
  attach(2)
  const eip = await stage.givenEip()
  stage.decide(binding(eip, { privateIp: '10.0.1.1' }))
  await stage.work('b-1')
  const boundAt = new Date(stage.clock.now()).toISOString()
  await stage.pass(60_000)

  stage.region.removeInstance('ins-1')
  stage.decide(unbinding(eip, boundAt, { privateIp: '10.0.1.1' }))
  await stage.work('u-1')
  const elsewhere = { node: 'n2', instanceId: 'ins-2', privateIp: '10.0.2.1', podUid: 'uid-2' }
  stage.decide(binding(eip, { intentId: 'b-2', ...elsewhere }))
  await stage.work('b-2')
  expect(stage.told().map(({ type }) => type)).toEqual(['AddressBound', 'AddressUnbound', 'AddressBound'])
  expect(stage.boundTo(eip.addressId)).toBe('eni-2/10.0.2.1')
})

test('endless polling of a task that does not exist (v3.3.1)', async () => {
  stage.cloud.faults.add({
    ...{ kind: 'error', code: 'ResourceNotFound', message: 'There is no such task.' },
    action: 'DescribeTaskResult',
  })
  stage.decide(allocation())
  await stage.work('i-1')
  expect(stage.told()).toMatchObject([{ type: 'AllocationCompleted' }])
})

test('nor of an address that never comes: it is told, and looked for once a minute', async () => {
  stage.cloud.faults.add({ kind: 'failing-task', action: 'AllocateAddresses' })
  stage.cloud.faults.add({
    ...{ kind: 'error', code: 'ResourceNotFound', message: 'There is no such task.' },
    action: 'DescribeTaskResult',
  })
  stage.decide(allocation())
  await stage.work('i-1', 600_000)
  expect(stage.told()).toMatchObject([{ type: 'CloudCallDelayed', data: { code: 'AddressNotShown' } }])
  let steps = 0
  const until = stage.clock.now() + 3_600_000
  while (stage.clock.now() < until) {
    const handled = await stage.step('i-1')
    steps += 1
    await stage.pass(handled.kind === 'again' ? handled.delayMs : 0)
  }
  expect(steps).toBeLessThan(200)
})

test('nor of an address of which no task tells, once nobody waits for it', async () => {
  stage.cloud.faults.add({ kind: 'failing-task', action: 'AllocateAddresses' })
  stage.cloud.faults.add({ kind: 'no-task-id', action: 'AllocateAddresses' })
  stage.decide(allocation())
  await stage.work('i-1', 60_000)
  stage.cancel('i-1')
  let looks = 0
  for (let handled = await stage.step('i-1'); handled.kind === 'again'; looks += 1) {
    await stage.pass(handled.delayMs)
    handled = await stage.step('i-1')
  }
  expect(stage.told().at(-1)).toMatchObject({ type: 'AllocationAbandoned' })
  expect(looks).toBeLessThan(60)
})

test('one that came to be and was released by somebody before it was shown is not waited for', async () => {
  stage.cloud.faults.add({ kind: 'error', code: 'UnauthorizedOperation', action: 'DescribeAddresses' })
  stage.decide(allocation())
  await stage.work('i-1', 30_000)
  await stage.releaseByHand(stage.region.addresses()[0]!.addressId)
  stage.cloud.faults.clear()
  await stage.work('i-1', 3_600_000)
  expect(stage.told()).toMatchObject([
    { type: 'CloudCallDelayed', data: { code: 'UnauthorizedOperation' } },
    { type: 'AllocationCompleted' },
  ])
  expect(stage.region.addresses()).toHaveLength(1)
})

test('nor by a claim that does not want it any more', async () => {
  stage.cloud.faults.add({ kind: 'error', code: 'UnauthorizedOperation', action: 'DescribeAddresses' })
  stage.decide(allocation())
  await stage.work('i-1', 30_000)
  await stage.releaseByHand(stage.region.addresses()[0]!.addressId)
  stage.cancel('i-1')
  stage.cloud.faults.clear()
  await stage.work('i-1', 3_600_000)
  expect(stage.told().at(-1)).toMatchObject({ type: 'AllocationAbandoned' })
  expect(stage.region.addresses()).toEqual([])
})
