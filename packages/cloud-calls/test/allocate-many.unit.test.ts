import { newEvent } from '@pod-eip/domain'
import { beforeEach, describe, expect, test } from 'vitest'
import { allocation } from '../src/testing/orders.ts'
import { setWorkerStage, type WorkerStage } from '../src/testing/worker-stage.ts'

let stage: WorkerStage
beforeEach(() => {
  stage = setWorkerStage()
})

const names = (count: number) => Array.from({ length: count }, (_, i) => `default/web-${i}`)

/** One allocation for several claims. */
function decideFor(claims: string[]): void {
  for (const claim of claims) stage.decide(allocation({ claim, podUid: `uid-${claim}` }))
}

function callOff(claim: string): void {
  stage.decide(newEvent('CancellationDecided', { claim, generation: 1, intentId: 'i-1', cause: 'PodEnded' }))
}

/** What each claim was told in the end, in order: its EIP, or the type of the outcome. */
function outcomes(): Record<string, string> {
  return Object.fromEntries(
    stage.told().flatMap((event) => {
      if (event.type === 'CloudCallDelayed' || !('claim' in event.data)) return []
      const own = event.type === 'AllocationCompleted' ? event.data.addresses[0]?.addressId : undefined
      return [[event.data.claim, own ?? event.type]]
    }),
  )
}

/** Every EIP that there is belongs to just one claim. */
function expectShared(claims: string[]): void {
  const ids = stage.region.addresses().map((a) => a.addressId)
  expect(Object.keys(outcomes()).sort()).toEqual([...claims].sort())
  expect(Object.values(outcomes()).sort()).toEqual(ids.sort())
}

test('one call brings each its own EIP, under the name that they have in common', async () => {
  decideFor(names(12))
  await stage.work('i-1')
  expectShared(names(12))
  expect(stage.sent).toEqual(['allocateAddresses'])
  expect(new Set(stage.region.addresses().map((a) => a.addressName))).toEqual(new Set(['default_web']))
})

test.each([
  [['a/web-7d4b-abcde', 'a/web-7d4b-abxyz'], 'a_web-7d4b'],
  [['a/web-1', 'a/sip-1'], 'a'],
  [['a/web-1', 'b/web-1'], 'cls-1'],
])('the EIPs of %j are named %s', async (claims, name) => {
  decideFor(claims)
  await stage.work('i-1')
  expect(stage.region.addresses().map((a) => a.addressName)).toEqual([name, name])
})

test.each([
  { kind: 'lost-answer', how: 'close' },
  { kind: 'lost-answer', how: 'hang' },
  { kind: 'lost-request' },
  { kind: 'failing-task' },
] as const)('%j: exactly one EIP for each', async (fault) => {
  stage.cloud.faults.add({ ...fault, action: 'AllocateAddresses', count: 1 })
  stage.cloud.configure({ staleReadMs: 8_000 })
  decideFor(names(5))
  await stage.work('i-1')
  expectShared(names(5))
})

describe('members that are called off', () => {
  test('before the call: no EIP is asked for them', async () => {
    decideFor(names(3))
    callOff('default/web-1')
    await stage.work('i-1')
    expect(outcomes()['default/web-1']).toBe('AllocationAbandoned')
    expect(stage.region.addresses()).toHaveLength(2)
  })

  test('after the call: what it brought is told, and the token still stands for all', async () => {
    stage.cloud.faults.add({ kind: 'lost-answer', action: 'AllocateAddresses', count: 1 })
    decideFor(names(3))
    await stage.step('i-1')
    callOff('default/web-1')
    await stage.work('i-1')
    expectShared(names(3))
  })
})

describe('refused as a whole', () => {
  test('for want of room: split, since the cloud says that nothing came of it', async () => {
    stage.cloud.configure({ quotas: { total: 3 } })
    decideFor(names(4))
    await stage.work('i-1')
    expect(stage.sent).toEqual(['allocateAddresses'])
    expect(stage.told().map((event) => event.type)).toEqual(Array(4).fill('AllocationSplit'))
    expect(stage.told()[0]!.data).toMatchObject({ members: 4, code: 'AddressQuotaLimitExceeded' })
    expect(stage.region.addresses()).toEqual([])
  })

  test('while an earlier call has no answer: not before it is proved that it brought nothing', async () => {
    stage.cloud.faults.add({ kind: 'lost-request', action: 'AllocateAddresses', count: 1 })
    decideFor(names(4))
    await stage.step('i-1')
    const called = stage.clock.now()
    stage.cloud.configure({ quotas: { total: 3 } })
    await stage.work('i-1')
    expect(stage.told().at(-1)!.type).toBe('AllocationSplit')
    expect(stage.clock.now() - called).toBeGreaterThanOrEqual(60_000)
  })

  test('a repeat that is refused is no proof when the first call worked', async () => {
    stage.cloud.faults.add({ kind: 'lost-answer', action: 'AllocateAddresses', count: 1 })
    stage.cloud.configure({ staleReadMs: 8_000 })
    decideFor(names(4))
    await stage.step('i-1')
    stage.cloud.faults.add({ kind: 'error', code: 'ResourceInsufficient', action: 'AllocateAddresses' })
    await stage.work('i-1', 30_000)
    stage.cloud.faults.clear()
    await stage.work('i-1')
    expectShared(names(4))
  })

  test('for ever: split too, so that one who spoils it fails alone', async () => {
    stage.cloud.faults.add({ kind: 'error', code: 'InvalidParameterValue.Range' })
    decideFor(names(2))
    await stage.work('i-1')
    expect(outcomes()).toEqual({ 'default/web-0': 'AllocationSplit', 'default/web-1': 'AllocationSplit' })
  })

  test('for what a smaller number would not mend: each is told, once', async () => {
    stage.cloud.setAccount({ balanceInsufficient: true })
    decideFor(names(3))
    await stage.work('i-1', 120_000)
    expect(stage.told().map(({ type, data }) => [type, 'claim' in data && data.claim])).toEqual(
      names(3).map((name) => ['CloudCallDelayed', name]),
    )
    stage.cloud.setAccount({ balanceInsufficient: false })
    await stage.work('i-1', 700_000)
    expectShared(names(3))
  })
})

describe('the answer is lost, and somebody releases one of the EIPs before the worker looks', () => {
  /** Who is left goes on at once; the other is allocated for anew. */
  async function expectOneServed(): Promise<void> {
    expect(Object.values(outcomes())).toContain('AllocationSplit')
    const told = stage.told().flatMap((e) => (e.type === 'AllocationCompleted' ? e.data.addresses : []))
    expect(told.map((a) => a.addressId).sort()).toEqual(stage.region.addresses().map((a) => a.addressId))
  }
  async function loseOne(): Promise<void> {
    stage.cloud.faults.add({ kind: 'lost-answer', action: 'AllocateAddresses', count: 1 })
    decideFor(names(2))
    await stage.step('i-1')
    await stage.pass(1_500)
    const [lost] = stage.region.addresses()
    await stage.inTime(stage.worker().cloud.releaseAddresses({ addressIds: [lost!.addressId] }))
    await stage.pass(1_500)
  }

  test('the answer to the same token tells that there were two', async () => {
    await loseOne()
    await stage.work('i-1')
    await expectOneServed()
    expect(stage.region.addresses()).toHaveLength(1)
  })

  test('a repeat that is refused leaves what is there', async () => {
    await loseOne()
    stage.cloud.faults.add({ kind: 'error', code: 'ResourceInsufficient', action: 'AllocateAddresses' })
    await stage.work('i-1', 300_000)
    await expectOneServed()
  })

  test('who has been called off gets nothing more', async () => {
    await loseOne()
    for (const name of names(2)) callOff(name)
    await stage.work('i-1', 300_000)
    await expectOneServed()
    expect(stage.sent.filter((call) => call === 'allocateAddresses')).toHaveLength(1)
  })

  test('a token that the cloud has forgotten brings two others: one of them is too many, and told', async () => {
    stage = setWorkerStage({ clientTokenMs: 0 })
    await loseOne()
    await stage.work('i-1')
    const told = stage.told().flatMap((e) => (e.type === 'AllocationCompleted' ? [e.data.addresses] : []))
    expect(told.map((addresses) => addresses.length)).toEqual([2, 1])
    expect(stage.region.addresses()).toHaveLength(3)
  })
})

test('a token that the cloud has forgotten brings more than was asked for: it is all told', async () => {
  stage = setWorkerStage({ clientTokenMs: 0 })
  stage.cloud.faults.add({ kind: 'lost-answer', action: 'AllocateAddresses', count: 1 })
  stage.cloud.configure({ staleReadMs: 8_000 })
  decideFor(names(2))
  await stage.work('i-1')
  const told = stage.told().flatMap((e) => (e.type === 'AllocationCompleted' ? [e.data.addresses] : []))
  expect(told).toHaveLength(2)
  expect(
    told
      .flat()
      .map((a) => a.addressId)
      .sort(),
  ).toEqual(
    stage.region
      .addresses()
      .map((a) => a.addressId)
      .sort(),
  )
  expect(told.map((addresses) => addresses.length)).toEqual([stage.region.addresses().length - 1, 1])
})
