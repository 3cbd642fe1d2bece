import { beforeEach, describe, expect, test } from 'vitest'
import { releasing } from '../src/testing/orders.ts'
import { setWorkerStage, type WorkerStage } from '../src/testing/worker-stage.ts'

let stage: WorkerStage
let eip: { addressId: string; publicIp: string }
beforeEach(async () => {
  stage = setWorkerStage()
  stage.region.upsertNetworkInterface({ networkInterfaceId: 'eni-1', privateIps: ['10.0.0.1', '10.0.0.2'] })
  eip = await stage.givenEip()
})

function expectReleased(): void {
  expect(stage.told()).toMatchObject([
    {
      type: 'AddressReleased',
      data: { claim: 'default/web-0', generation: 1, intentId: 'r-1', addressId: eip.addressId },
    },
  ])
  expect(stage.region.addresses()).toEqual([])
}

test('one call releases it', async () => {
  stage.decide(releasing(eip))
  await stage.work('r-1')
  expectReleased()
  expect(stage.sent).toEqual(['releaseAddresses'])
})

test.each(['close', 'hang'] as const)('an answer that does not come (%s): found gone', async (how) => {
  stage.cloud.faults.add({ kind: 'lost-answer', how, action: 'ReleaseAddresses', count: 1 })
  stage.decide(releasing(eip))
  await stage.work('r-1')
  expectReleased()
  expect(stage.befell('released')).toBe(1)
})

test('a call that did not arrive is made again', async () => {
  stage.cloud.faults.add({ kind: 'lost-request', action: 'ReleaseAddresses', count: 1 })
  stage.decide(releasing(eip))
  await stage.work('r-1')
  expectReleased()
})

test('a call that did not arrive, and a read from before the EIP: it is not taken for gone', async () => {
  const young = await stage.givenEip(2_000)
  stage.cloud.faults.add({ kind: 'lost-request', action: 'ReleaseAddresses', count: 1 })
  stage.decide(releasing(young))
  await stage.step('r-1')
  stage.cloud.faults.add({ kind: 'stale-read', ms: 10_000, action: 'DescribeAddresses', count: 1 })
  await stage.work('r-1')
  expect(stage.told()).toMatchObject([{ type: 'AddressReleased', data: { addressId: young.addressId } }])
  expect(stage.region.addresses().map((a) => a.addressId)).toEqual([eip.addressId])
})

test('a task that fails is begun anew', async () => {
  stage.cloud.faults.add({ kind: 'failing-task', action: 'ReleaseAddresses', count: 1 })
  stage.decide(releasing(eip))
  await stage.work('r-1')
  expectReleased()
  expect(stage.befell('release-failed')).toBe(1)
})

test('reads that show what was before are waited for', async () => {
  stage.cloud.configure({ staleReadMs: 10_000 })
  stage.decide(releasing(eip))
  await stage.work('r-1')
  expectReleased()
})

test('one that is gone already counts as released', async () => {
  await stage.releaseByHand(eip.addressId)
  stage.decide(releasing(eip))
  await stage.work('r-1')
  expectReleased()
})

describe('still bound', () => {
  test('where its last Pod was: unbound, then released', async () => {
    await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.1')
    stage.decide(releasing(eip))
    await stage.work('r-1')
    expectReleased()
    expect(stage.sent).toContain('disassociateAddress')
  })

  test('to the same private address on another interface: not touched (I4)', async () => {
    await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.1')
    stage.decide(releasing(eip, { lastPrivateIp: '10.0.0.1', lastNetworkInterfaceId: 'eni-of-another-vpc' }))
    await stage.work('r-1', 300_000)
    expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.1')
    expect(stage.told()).toMatchObject([{ data: { code: 'AddressBoundElsewhere' } }])
  })

  test.each(['10.0.0.1', ''])(
    'by somebody else (our last address was %j): not touched and told, released once they let go (I4)',
    async (lastPrivateIp) => {
      await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.2')
      stage.decide(releasing(eip, { lastPrivateIp }))
      await stage.work('r-1', 300_000)
      expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.2')
      expect(stage.sent).not.toContain('disassociateAddress')
      expect(stage.told()).toMatchObject([
        {
          type: 'CloudCallDelayed',
          data: {
            action: 'release',
            code: 'AddressBoundElsewhere',
            message: `EIP ${eip.addressId} was bound to eni-1 by somebody else and is not touched; unbind it there to have it released.`,
          },
        },
      ])
      await stage.unbindByHand(eip.addressId)
      await stage.work('r-1')
      expect(stage.told().at(-1)).toMatchObject({ type: 'AddressReleased' })
      expect(stage.region.addresses()).toEqual([])
    },
  )
})

test.each([
  ['deletion protection', 'OperationDenied.AddressDeletionProtectionEnabled'],
  ['a call that can never work', 'InvalidParameterConflict'],
])('%s is told once and never the end: the EIP would be paid for ever', async (_, code) => {
  stage.cloud.faults.add({ kind: 'error', code, message: 'No.', action: 'ReleaseAddresses' })
  stage.decide(releasing(eip))
  await stage.work('r-1', 1_200_000)
  expect(stage.sent.length).toBeGreaterThan(2)
  expect(stage.told()).toMatchObject([
    {
      type: 'CloudCallDelayed',
      data: {
        action: 'release',
        code,
        message: expect.stringContaining('No.'),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    },
  ])
  stage.cloud.faults.clear()
  await stage.work('r-1', 1_200_000)
  expect(stage.told().at(-1)).toMatchObject({ type: 'AddressReleased' })
})
