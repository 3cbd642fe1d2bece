import { beforeEach, describe, expect, test } from 'vitest'
import { binding } from '../src/testing/orders.ts'
import type { WorkerStage } from '../src/testing/worker-stage.ts'
import { type BindingStage, expectBound, loseThePlace, setBindingStage } from './binding-stage.ts'

let stage: WorkerStage
let eip: BindingStage['eip']
beforeEach(async () => {
  ;({ stage, eip } = await setBindingStage())
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
    expectBound({ stage, eip })
  })

  test("after a call that worked and the Pod's address has gone: its task tells, and time need not", async () => {
    stage.decide(binding(eip))
    await stage.step('b-1')
    await loseThePlace({ stage, eip }, 3_000)
    expect(stage.boundTo(eip.addressId)).toBeNull()
    stage.cancel('b-1')
    expect(await stage.step('b-1')).toEqual({ kind: 'done' })
    expect(stage.told()).toMatchObject([{ type: 'AddressBound', data: { privateIp: '10.0.0.1' } }])
  })

  test('after a call of which nothing tells: looked at ever more rarely until time does', async () => {
    stage.cloud.faults.add({ kind: 'no-task-id', action: 'AssociateAddress' })
    stage.decide(binding(eip))
    await stage.step('b-1')
    await loseThePlace({ stage, eip }, 3_000)
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
    await loseThePlace({ stage, eip }, 5_000)
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
    expectBound({ stage, eip })
    expect(stage.befell('unbound')).toBe(1)
  })

  test('a freeing whose answer does not come cannot free the new binding', async () => {
    await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.2')
    await stage.pass(60_000)
    // Carried out after the worker has given up waiting for the answer, but before it has to have settled.
    stage.cloud.faults.add({ kind: 'latency', ms: 14_000, action: 'DisassociateAddress', count: 1 })
    stage.decide(binding(eip))
    await stage.work('b-1')
    expectBound({ stage, eip })
    await stage.pass(60_000)
    expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.1')
  })
})
