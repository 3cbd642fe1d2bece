import {
  allocation,
  binding,
  setWorkerStage,
  unbinding,
  type WorkerStage,
} from '@pod-eip/cloud-calls/testing'
import { defaultGuardSettings, newEvent, type UnclaimedAddress } from '@pod-eip/domain'
import { podObserved } from '@pod-eip/domain/testing'
import { createMetrics, silentLogger } from '@pod-eip/runtime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSurveyor } from '../src/survey/survey.ts'
import { createSurveyCounts } from '../src/survey/survey-counts.ts'

const claim = 'default/web-0'
const surveyMs = 60_000
const orphanGraceMs = 180_000
const tags = [
  { key: 'tke-clusterId', value: 'cls-1' },
  { key: 'pod-eip/allocation', value: 'a-1' },
]

let stage: WorkerStage
let metrics: ReturnType<typeof createMetrics>
let counts: ReturnType<typeof createSurveyCounts>
let ending: AbortController
beforeEach(() => {
  stage = setWorkerStage()
  metrics = createMetrics('worker')
  counts = createSurveyCounts(metrics)
  ending = new AbortController()
  stage.region.upsertInstance({ instanceId: 'ins-1', cpu: 8 })
  stage.region.upsertNetworkInterface({
    ...{ networkInterfaceId: 'eni-1', instanceId: 'ins-1' },
    privateIps: ['10.0.0.1', '10.0.0.2'],
  })
})
afterEach(() => ending.abort())

/** So many workers compare, as they do by the virtual clock. */
function survey(workers = 1, guard = defaultGuardSettings): void {
  for (let worker = 0; worker < workers; worker++) {
    const { readModels, log, cloud, clock, settings } = stage.surveying()
    const surveyor = createSurveyor({
      ...{ readModels, log, cloud, clock, logger: silentLogger, counts },
      settings: { ...settings, surveyMs, orphanGraceMs, guard },
    })
    void surveyor.run(ending.signal)
  }
}

/** A claim with an EIP that is bound to its Pod, as the log and the cloud have it. */
async function boundClaim() {
  const pod = podObserved({ claim, podUid: 'uid-1', node: 'n1', privateIp: '10.0.0.1' })
  stage.decide(newEvent('PodObserved', pod))
  stage.decide(newEvent('ClaimOpened', { claim, generation: 1, podUid: 'uid-1' }))
  stage.decide(allocation())
  await stage.work('i-1')
  const address = stage.region.addresses()[0]!
  const eip = { addressId: address.addressId, publicIp: address.addressIp }
  stage.decide(binding(eip))
  await stage.work('b-1')
  expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.1')
  await stage.pass(120_000)
  return eip
}

const found = () => stage.told().filter(({ type }) => type === 'AddressDrifted' || type === 'OrphanFound')

describe('an EIP of a claim', () => {
  test('that is as it should be is no news', async () => {
    await boundClaim()
    survey()
    await stage.pass(10 * surveyMs)
    expect(found()).toEqual([])
  })

  test.each<[string, (id: string) => Promise<void>, object]>([
    ['unbound', (id) => stage.unbindByHand(id), { kind: 'Unbound' }],
    [
      'bound elsewhere',
      async (id) => {
        await stage.unbindByHand(id)
        await stage.bindByHand(id, 'eni-1', '10.0.0.2')
      },
      { kind: 'BoundElsewhere', networkInterfaceId: 'eni-1', privateIp: '10.0.0.2' },
    ],
    [
      'released',
      async (id) => {
        await stage.unbindByHand(id)
        await stage.releaseByHand(id)
      },
      { kind: 'Released' },
    ],
  ])('%s by somebody is told within a cycle, once, however many workers compare', async (_, act, drift) => {
    const eip = await boundClaim()
    survey(2)
    await stage.pass(surveyMs / 2)
    await act(eip.addressId)
    await stage.pass(surveyMs + 20_000)
    expect(found()).toMatchObject([{ data: { claim, addressId: eip.addressId, drift } }])
    await stage.pass(10 * surveyMs)
    expect(found()).toHaveLength(1)
  })

  test('that is kept, and that somebody binds to something, is told and left there; so is that it is free again', async () => {
    const eip = await boundClaim()
    stage.decide(newEvent('PodEnded', { claim, podUid: 'uid-1', reason: 'Deleted' }))
    stage.decide(unbinding(eip, new Date(stage.clock.now()).toISOString()))
    await stage.work('u-1')
    stage.decide(newEvent('ClaimRetained', { claim, generation: 1, ...eip, source: 'auto', until: null }))
    await stage.pass(120_000)
    survey(2)
    await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.2')
    await stage.pass(10 * surveyMs)
    expect(found()).toMatchObject([{ data: { drift: { kind: 'BoundElsewhere', privateIp: '10.0.0.2' } } }])
    expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.2')
    await stage.unbindByHand(eip.addressId)
    await stage.pass(10 * surveyMs)
    expect(found().slice(1)).toMatchObject([{ data: { drift: { kind: 'Unbound' } } }])
  })

  test('is not taken for released because a list lacks it: it is asked for by its id', async () => {
    const eip = await boundClaim()
    const { cloud, readModels, log, clock, settings } = stage.surveying()
    const surveyor = createSurveyor({
      ...{ readModels, log, clock, logger: silentLogger, counts },
      settings: { ...settings, surveyMs, orphanGraceMs, guard: defaultGuardSettings },
      cloud: {
        // Somebody took our tags off.
        describeAddresses: async (query, call) =>
          (await cloud.describeAddresses(query, call)).filter(
            ({ addressId }) => query.tags === undefined || addressId !== eip.addressId,
          ),
      },
    })
    void surveyor.run(ending.signal)
    await stage.pass(3 * surveyMs)
    expect(found()).toEqual([])
  })
})

describe('an EIP of ours that no claim has', () => {
  test('is told once its grace is over, when an allocation of the log brought it', async () => {
    await boundClaim()
    const late = await stage.givenEip(0, tags)
    survey(2)
    await stage.pass(orphanGraceMs - 20_000)
    expect(found()).toEqual([])
    await stage.pass(2 * surveyMs)
    expect(found()).toMatchObject([
      { type: 'OrphanFound', data: { claim, generation: 1, ...late, allocationId: 'a-1' } },
    ])
  })

  test.each<[string, typeof tags]>([
    ['an allocation that this log does not know', [tags[0]!, { key: 'pod-eip/allocation', value: 'a-9' }]],
    ["nobody's allocation, as TKE's own ipamd creates them", [tags[0]!]],
    ['another cluster', [{ key: 'tke-clusterId', value: 'cls-2' }, tags[1]!]],
  ])('is left alone when it is of %s', async (_, others) => {
    await boundClaim()
    await stage.givenEip(0, others)
    survey()
    await stage.pass(2 * orphanGraceMs)
    expect(found()).toEqual([])
  })

  test('is left alone while it is bound, and its grace begins anew', async () => {
    await boundClaim()
    const late = await stage.givenEip(5_000, tags)
    await stage.bindByHand(late.addressId, 'eni-1', '10.0.0.2')
    survey()
    await stage.pass(2 * orphanGraceMs)
    expect(found()).toEqual([])
    await stage.unbindByHand(late.addressId)
    await stage.pass(orphanGraceMs - 20_000)
    expect(found()).toEqual([])
    await stage.pass(2 * surveyMs)
    expect(found()).toHaveLength(1)
  })
})

test('a worker that starts begins the grace anew: it has not seen that nobody used the EIP before', async () => {
  await boundClaim()
  await stage.givenEip(0, tags)
  survey()
  await stage.pass(orphanGraceMs - 20_000)
  ending.abort()
  ending = new AbortController()
  survey()
  await stage.pass(orphanGraceMs - 20_000)
  expect(found()).toEqual([])
  await stage.pass(2 * surveyMs)
  expect(found()).toHaveLength(1)
})

test.each<[string, Partial<typeof defaultGuardSettings>, number]>([
  ['by default more than 10 are not believed', {}, 0],
  ['20 when an operator lets 20 go', { missedCount: 20 }, 20],
  ['and any share of them when an operator lets any go', { missedShare: 1 }, 20],
])('EIPs that the cloud does not show: %s', async (_, guard, believed) => {
  await boundClaim()
  const { readModels } = stage.surveying()
  const one = (await readModels.claim(claim))!
  // As many claims with EIPs that are not there.
  for (let n = 0; n < 20; n++) {
    const key = `default/lost-${n}`
    const address = { ...one.address!, id: `eip-lost${n}` }
    stage.putClaim({ ...one, key, address })
  }
  survey(1, { ...defaultGuardSettings, ...guard })
  await stage.pass(5 * surveyMs)
  expect(found()).toHaveLength(believed)
  stage.decide(newEvent('SurveyRequested', { survey: 's-1', by: 'alice' }))
  await stage.pass(surveyMs)
  expect(found()).toHaveLength(believed)
  stage.decide(newEvent('SurveyRequested', { survey: 's-2', by: 'alice', goneConfirmed: true }))
  await stage.pass(surveyMs)
  expect(found()).toHaveLength(20)
  const answers = stage.told().filter(({ type }) => type === 'SurveyCompleted')
  expect(answers.map(({ data }) => (data as { unbelieved?: number }).unbelieved)).toEqual([
    believed === 0 ? 20 : undefined,
    undefined,
  ])
})

test('the cloud cannot be asked for a while: compared once it answers', async () => {
  const eip = await boundClaim()
  const fault = { kind: 'http-error', status: 500, action: 'DescribeAddresses', count: 5 } as const
  await stage.unbindByHand(eip.addressId)
  stage.cloud.faults.add(fault)
  survey()
  await stage.pass(10 * surveyMs)
  expect(found()).toHaveLength(1)
})

describe('who may have the place where an EIP of ours was bound by others', () => {
  const nodeSeen = () =>
    newEvent('NodeObserved', {
      ...{ node: 'n1', nodeUid: 'u1', resourceVersion: '1', instanceId: 'ins-1', cpu: 8 },
      internalIp: '10.0.0.100',
    })

  test('another Pod, on a node: it is not touched, and the user is told', async () => {
    stage.decide(nodeSeen())
    const eip = await stage.givenEip()
    await stage.bindByHand(eip.addressId, 'eni-1', '10.0.0.2')
    await stage.pass(30_000)
    stage.decide(binding(eip))
    await stage.step('b-1')
    await stage.work('b-1', 120_000)
    expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.2')
    expect(stage.befell('unbind-started')).toBe(0)
    const last = stage.recorded().at(-1)!
    expect(last).toMatchObject({ type: 'CloudCallDelayed', data: { code: 'AddressBoundElsewhere' } })
    await stage.unbindByHand(eip.addressId)
    await stage.work('b-1')
    expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.1')
  })

  test('an earlier Pod of the claim, by our own order: it is taken back', async () => {
    stage.decide(nodeSeen())
    const eip = await stage.givenEip()
    stage.decide(binding(eip, { intentId: 'b-0', privateIp: '10.0.0.2' }))
    await stage.work('b-0')
    await stage.pass(30_000)
    stage.decide(binding(eip))
    await stage.work('b-1')
    expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.1')
  })

  test('nobody of the cluster: it is taken back', async () => {
    stage.decide(nodeSeen())
    stage.region.upsertInstance({ instanceId: 'ins-other', cpu: 8 })
    stage.region.upsertNetworkInterface({
      ...{ networkInterfaceId: 'eni-other', instanceId: 'ins-other' },
      privateIps: ['10.0.9.1'],
    })
    const eip = await stage.givenEip()
    await stage.bindByHand(eip.addressId, 'eni-other', '10.0.9.1')
    await stage.pass(30_000)
    stage.decide(binding(eip))
    await stage.work('b-1')
    expect(stage.boundTo(eip.addressId)).toBe('eni-1/10.0.0.1')
  })
})

describe('a survey that somebody asks for', () => {
  const ask = (id: string) => stage.decide(newEvent('SurveyRequested', { survey: id, by: 'alice' }))
  const completed = () => stage.told().filter(({ type }) => type === 'SurveyCompleted')

  test('is made at once, answered once by however many workers, and says what it found', async () => {
    const eip = await boundClaim()
    survey(2)
    await stage.pass(30_000)
    await stage.unbindByHand(eip.addressId)
    await stage.givenEip(0, tags)
    await stage.givenEip(0, [tags[0]!, { key: 'pod-eip/allocation', value: 'a-9' }])
    ask('s-1')
    await stage.pass(25_000)
    expect(completed()).toMatchObject([
      { data: { survey: 's-1', claims: 1, addresses: 3, drifted: 1, orphans: 1, leftAlone: 1 } },
    ])
    const text = await metrics.metrics()
    expect(text).toContain('pod_eip_drifted_addresses_total{kind="Unbound",service="worker"} 1')
    expect(text).toContain('pod_eip_unclaimed_addresses{what="left alone",service="worker"} 1')
    expect(text).toMatch(/pod_eip_surveys_total\{outcome="made",service="worker"\} [1-9]/)
    await stage.pass(3 * surveyMs)
    expect(completed()).toHaveLength(1)
  })

  test('tells one by one what no claim has, and why it is left alone', async () => {
    await boundClaim()
    const waits = await stage.givenEip(0, tags)
    const used = await stage.givenEip(5_000, tags)
    await stage.bindByHand(used.addressId, 'eni-1', '10.0.0.2')
    const strange = await stage.givenEip(0, [tags[0]!, { key: 'pod-eip/allocation', value: 'a-9' }])
    await stage.givenEip(0, [tags[0]!])
    survey()
    ask('s-1')
    await stage.pass(25_000)
    const { data } = completed()[0]! as unknown as { data: { unclaimed: UnclaimedAddress[] } }
    expect(data).toMatchObject({ orphans: 1, leftAlone: 2 })
    const one = (eip: object) => data.unclaimed.find((u) => u.addressId === (eip as typeof waits).addressId)
    expect(data.unclaimed).toHaveLength(3)
    expect(one(waits)).toMatchObject({ ...waits, claim, state: 'Waiting', boundTo: '' })
    const { since, until } = one(waits)!
    expect(Date.parse(until) - Date.parse(since)).toBe(orphanGraceMs)
    expect(one(used)).toMatchObject({ claim, state: 'Bound', boundTo: '10.0.0.2, eni-1, ins-1', until: '' })
    expect(one(strange)).toMatchObject({ claim: '', state: 'UnknownAllocation', allocationId: 'a-9' })
  })

  test('is made by who comes, and again for who asks while it is made', async () => {
    await boundClaim()
    ask('s-1')
    survey()
    await stage.pass(6_000)
    ask('s-2')
    await stage.pass(6_000)
    expect(completed().map(({ data }) => data)).toMatchObject([
      { survey: 's-1', drifted: 0, orphans: 0, leftAlone: 0 },
      { survey: 's-2' },
    ])
  })
})
