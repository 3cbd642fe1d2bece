import { allocationTag, clusterTag } from '@pod-eip/cloud-calls'
import { createMemoryModels, hashModels, replayLog } from '@pod-eip/read-models'
import { beforeEach, expect, test } from 'vitest'
import { planFromLog } from '../src/teardown/plan-from-log.ts'
import { workWithLog } from '../src/teardown/work-with-log.ts'
import { cluster, setTeardownStage, type TeardownStage } from './testing/teardown-stage.ts'

let stage: TeardownStage
let said: string[]
beforeEach(async () => {
  stage = setTeardownStage()
  said = []
  await stage.node('n1')
  await stage.node('n2')
})

const kept = { attributes: '{}', deletePolicy: 'Never' }
const ofCluster = { key: clusterTag, value: cluster }

async function plan() {
  const { items, ...rest } = await stage.inTime(
    planFromLog({ cluster, cloud: stage.cloud, readModels: stage.models }),
  )
  return {
    ...rest,
    does: Object.fromEntries(items.map((item) => [item.addressId || item.claim, item.does])),
    items,
  }
}

const tearDown = (signal = new AbortController().signal) =>
  stage.inTime(
    workWithLog({
      ...{
        cluster,
        by: 'Ann',
        log: stage.log,
        readModels: stage.models,
        store: stage.store,
        runs: stage.runs,
      },
      ...{ cloud: stage.cloud, clock: stage.clock, random: stage.random, ids: stage.ids, signal },
      say: (line) => void said.push(line),
    }),
  )

const eipOf = async (claim: string) => (await stage.models.claim(claim))!.address!.id
const types = () => stage.log.readNow({ after: 0, limit: 10_000 }).map(({ type }) => type)

test('a plan changes nothing, in the cloud or in the log', async () => {
  await stage.pod('default/a', 'n1', '10.0.0.1')
  await stage.settle()
  const head = stage.log.headNow()
  const before = stage.held()
  expect(await plan()).toMatchObject({
    ...{ does: { [await eipOf('default/a')]: 'unbind and release' }, livePods: 1 },
    ...{ strays: [], boundStrays: [], foreignCluster: '' },
  })
  expect(stage.log.headNow()).toBe(head)
  expect(stage.held()).toEqual(before)
})

test("all that the cluster created goes; the user's own is unbound and stays", async () => {
  const mine = stage.region.buyAddress()
  await stage.pod('default/bound', 'n1', '10.0.0.1')
  await stage.pod('default/kept', 'n1', '10.0.0.2', kept)
  await stage.pod('default/listed', 'n2', '10.0.0.3', { idList: mine })
  await stage.settle()
  await stage.ended('default/kept')
  await stage.settle()
  await stage.pod('default/asking', 'n2', '10.0.0.4')
  expect((await plan()).does).toEqual({
    [await eipOf('default/bound')]: 'unbind and release',
    [await eipOf('default/kept')]: 'release',
    [mine]: 'unbind',
    'default/asking': 'call off',
  })
  await tearDown()
  expect(stage.held()).toEqual([[mine, null]])
  expect((await plan()).items).toEqual([])
  expect(said[0]).toMatch(/^Recorded as event \d+: cluster cls-1 is torn down/)
  expect(said).toContain(`${mine} of default/listed was unbound.`)
})

test('every call was decided in the log before, and a replay gives the same read models', async () => {
  await stage.pod('default/a', 'n1', '10.0.0.1')
  await stage.settle()
  await tearDown()
  const order = ['TeardownOrdered', 'UnbindingDecided', 'AddressUnbound', 'ReleaseDecided', 'AddressReleased']
  expect(types().filter((type) => order.includes(type))).toEqual(order)
  const { world, folded } = await replayLog(stage.log, await stage.models.position())
  const replayed = createMemoryModels(() => folded, world)
  expect(await hashModels(replayed)).toEqual(await hashModels(stage.models))
})

test('an allocation whose call has just been sent is called off, and what it brings is released', async () => {
  await stage.pod('default/a', 'n1', '10.0.0.1')
  await stage.stepAll()
  expect(stage.held()).toHaveLength(1)
  await tearDown()
  expect(stage.held()).toEqual([])
})

test('what the cloud refuses is told in a sentence, and the rest goes on; later it goes on where it stopped', async () => {
  for (const n of [1, 2, 3]) await stage.pod(`default/p-${n}`, 'n1', `10.0.0.${n}`)
  await stage.settle()
  const protectedEip = await eipOf('default/p-2')
  stage.region.markAddress(protectedEip, { deletionProtection: true })
  await tearDown()
  expect(stage.held()).toEqual([[protectedEip, null]])
  const { items } = await plan()
  expect(items).toMatchObject([{ addressId: protectedEip, does: 'release' }])
  expect(items[0]!.says).toMatch(/^Tencent Cloud answered .*AddressDeletionProtectionEnabled.*\.$/)
  stage.region.markAddress(protectedEip, { deletionProtection: false })
  await tearDown()
  expect(stage.held()).toEqual([])
  expect(types().filter((type) => type === 'TeardownOrdered')).toHaveLength(1)
})

test('an EIP of ours that somebody has bound to something of his is left there, and named', async () => {
  await stage.pod('default/a', 'n1', '10.0.0.1', kept)
  await stage.settle()
  const eip = await eipOf('default/a')
  await stage.ended('default/a')
  await stage.settle()
  stage.region.assignPrivateIp('eni-n2', '10.0.0.99')
  await stage.bindByHand(eip, 'eni-n2', '10.0.0.99')
  expect((await plan()).items).toMatchObject([
    { addressId: eip, does: 'leave', boundTo: '10.0.0.99, eni-n2, ins-n2' },
  ])
  await tearDown()
  expect(stage.held()).toEqual([[eip, '10.0.0.99']])
  await stage.unbindByHand(eip)
  await tearDown()
  expect(stage.held()).toEqual([])
})

test("EIPs with the cluster's tag that are not of our making are named and left", async () => {
  const ipamd = await stage.created([ofCluster, { key: 'tke-created-eip', value: 'true' }])
  expect((await plan()).does).toEqual({ [ipamd]: 'not ours' })
  await tearDown()
  expect(stage.held()).toEqual([[ipamd, null]])
})

test('EIPs of ours that no claim has go by way of the log, bound ones where Pods can be as well', async () => {
  const lost = await stage.created([ofCluster, { key: allocationTag, value: 'of-a-lost-backup' }])
  const bound = await stage.created([ofCluster, { key: allocationTag, value: 'of-a-lost-backup' }])
  stage.region.assignPrivateIp('eni-n2', '10.0.0.99')
  await stage.bindByHand(bound, 'eni-n2', '10.0.0.99')
  expect((await plan()).does).toEqual({ [lost]: 'release', [bound]: 'unbind and release' })
  await tearDown()
  expect(stage.held()).toEqual([])
  expect(types()).toContain('OrphanFound')
  const order = ['ClaimRecovered', 'UnbindingDecided', 'AddressUnbound']
  expect(types().filter((type) => order.includes(type))).toEqual(order)
  expect((await plan()).items).toEqual([])
})

test.each<[string, string, string]>([
  ['on an interface of the CVM itself', 'n2', 'eni-n2-own'],
  ['on a CVM that is no node of the cluster', 'other', 'eni-other'],
])('a bound one %s was not bound by pod-eip: it is named, and left', async (_, instance, eni) => {
  if (instance === 'other') {
    stage.region.upsertInstance({ instanceId: 'ins-other', cpu: 8 })
    stage.region.upsertNetworkInterface({
      ...{ networkInterfaceId: 'eni-other', instanceId: 'ins-other', privateIps: [] },
    })
  }
  stage.region.assignPrivateIp(eni, '10.0.0.99')
  const bound = await stage.created([ofCluster, { key: allocationTag, value: 'of-a-lost-backup' }])
  await stage.bindByHand(bound, eni, '10.0.0.99')
  expect((await plan()).does).toEqual({ [bound]: 'leave' })
  await tearDown()
  expect(stage.held()).toEqual([[bound, '10.0.0.99']])
  expect((await plan()).items[0]!.says).toMatch(
    /no place of a Pod .*; unbind it there, then run this again\.$/,
  )
})

test('an EIP that is gone already is settled in the log', async () => {
  await stage.pod('default/a', 'n1', '10.0.0.1')
  await stage.settle()
  await stage.unbindByHand(await eipOf('default/a'))
  await stage.inTime(stage.cloud.releaseAddresses({ addressIds: [await eipOf('default/a')] }))
  await stage.pass(60_000)
  expect((await plan()).items).toMatchObject([{ does: 'settle' }])
  await tearDown()
  expect((await plan()).items).toEqual([])
})

test('it may be stopped at any moment; the next time it goes on, and nothing is done twice', async () => {
  for (const n of [1, 2, 3, 4, 5]) await stage.pod(`default/p-${n}`, 'n1', `10.0.0.${n}`)
  await stage.settle()
  const stop = new AbortController()
  stage.clock.after(1_500, () => stop.abort())
  await tearDown(stop.signal)
  expect(stage.held().length).toBeGreaterThan(0)
  await tearDown()
  expect(stage.held()).toEqual([])
  for (const what of ['unbind-started', 'released'] as const) {
    expect(stage.region.ledger().filter(({ event }) => event === what)).toHaveLength(5)
  }
})

test('more EIPs than a page of the cloud has', async () => {
  const nodes = Array.from({ length: 14 }, (_, i) => `m${i}`)
  for (const name of nodes) await stage.node(name)
  for (const [i, name] of nodes.entries()) {
    for (let n = 1; n <= 9; n++) await stage.pod(`default/p-${i}-${n}`, name, `10.2.${i}.${n}`)
  }
  await stage.settle()
  expect(stage.held().length).toBe(126)
  await tearDown()
  expect(stage.held()).toEqual([])
})

test('a log of another cluster is known by the tags of its EIPs', async () => {
  await stage.pod('default/a', 'n1', '10.0.0.1')
  await stage.settle()
  const other = await stage.inTime(
    planFromLog({ cluster: 'cls-other', cloud: stage.cloud, readModels: stage.models }),
  )
  expect(other.foreignCluster).toBe(cluster)
})
