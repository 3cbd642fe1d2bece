import { beforeEach, describe, expect, test } from 'vitest'
import { binding } from '../src/testing/orders.ts'
import type { WorkerStage } from '../src/testing/worker-stage.ts'
import { type BindingStage, expectBound, setBindingStage, toldBound } from './binding-stage.ts'

let stage: WorkerStage
let eip: BindingStage['eip']
beforeEach(async () => {
  ;({ stage, eip } = await setBindingStage())
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
    expectBound({ stage, eip }, 'eni-2')
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
    expect(stage.told().at(-1)).toMatchObject(toldBound(eip, 'eni-2')[0]!)
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
    expect(stage.told().at(-1)).toMatchObject(toldBound(eip, 'eni-1', '10.0.0.9')[0]!)
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
  expectBound({ stage, eip }, 'eni-of-pod', '10.0.0.7')
})
