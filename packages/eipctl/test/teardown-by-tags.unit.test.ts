import { allocationTag, clusterTag } from '@pod-eip/cloud-calls'
import { beforeEach, expect, test } from 'vitest'
import { planFromTags } from '../src/teardown/plan-from-tags.ts'
import { workWithTags } from '../src/teardown/work-with-tags.ts'
import { cluster, setTeardownStage, type TeardownStage } from './testing/teardown-stage.ts'

/** The log is lost: all that is left is what the cloud shows. */
let stage: TeardownStage
let said: string[]
beforeEach(async () => {
  stage = setTeardownStage()
  said = []
  await stage.node('n1')
})

const ofCluster = { key: clusterTag, value: cluster }
const ours = [ofCluster, { key: allocationTag, value: 'some-allocation' }]

const plan = () => stage.inTime(planFromTags({ cluster, cloud: stage.cloud }))
const tearDown = async (signal = new AbortController().signal) => {
  const say = (line: string) => void said.push(line)
  const { cloud, clock } = stage
  return stage.inTime(workWithTags(await plan(), { cloud, clock, signal, say }))
}
const does = async () => Object.fromEntries((await plan()).map((item) => [item.addressId, item.does]))

async function boundAt(privateIp: string, eni = 'eni-n1'): Promise<string> {
  const eip = await stage.created(ours, 'games_web-0')
  if (eni === 'eni-n1') stage.region.assignPrivateIp(eni, privateIp)
  await stage.bindByHand(eip, eni, privateIp)
  return eip
}

test('what was created for Pods is unbound and released; nothing else with the tag of the cluster is', async () => {
  const free = await stage.created(ours)
  const bound = await boundAt('10.0.0.1')
  const ipamd = await stage.created([ofCluster, { key: 'tke-created-eip', value: 'true' }])
  const other = await stage.created([{ key: clusterTag, value: 'cls-2' }, ours[1]!])
  expect(await does()).toEqual({
    [free]: 'release',
    [bound]: 'unbind and release',
    [ipamd]: 'not ours',
  })
  expect(await plan()).toContainEqual(
    expect.objectContaining({ claim: 'games/web-0', boundTo: '10.0.0.1, eni-n1, ins-n1' }),
  )
  expect(await tearDown()).toEqual(new Map())
  expect(stage.held()).toEqual(
    [
      [ipamd, null],
      [other, null],
    ].sort(),
  )
  expect(said).toContain(`${bound} was unbound from 10.0.0.1, eni-n1, ins-n1.`)
})

test("one that is bound to a CVM's own address was bound by somebody, and stays", async () => {
  const own = stage.region.networkInterfaces().find(({ primary }) => primary)!
  const eip = await boundAt(own.privateIps[0]!, own.networkInterfaceId)
  expect(await does()).toEqual({ [eip]: 'leave' })
  await tearDown()
  expect(stage.held()).toEqual([[eip, own.privateIps[0]]])
})

test('what the cloud refuses is told, each in a sentence, and the rest goes on', async () => {
  const kept = await stage.created(ours)
  const goes = await stage.created(ours)
  stage.region.markAddress(kept, { deletionProtection: true })
  const left = await tearDown()
  expect([...left.keys()]).toEqual([kept])
  expect(left.get(kept)).toMatch(/^Tencent Cloud answered .*AddressDeletionProtectionEnabled.*\.$/)
  expect(stage.held()).toEqual([[kept, null]])
  expect(said).toEqual([`${goes} was released.`])
  stage.region.markAddress(kept, { deletionProtection: false })
  expect(await tearDown()).toEqual(new Map())
  expect(stage.held()).toEqual([])
})

test('a missing permission ends in a sentence that names it', async () => {
  await stage.created(ours)
  stage.simulator.faults.add({ kind: 'error', code: 'UnauthorizedOperation', action: 'ReleaseAddresses' })
  const left = await tearDown()
  expect([...left.values()]).toEqual([expect.stringMatching(/UnauthorizedOperation.*\.$/)])
})

test('answers that never come, and a cloud that is busy, are waited out', async () => {
  const eip = await boundAt('10.0.0.1')
  const { faults } = stage.simulator
  faults.add({ kind: 'error', code: 'RequestLimitExceeded', action: 'DisassociateAddress', count: 3 })
  faults.add({ kind: 'lost-answer', action: 'ReleaseAddresses', count: 1 })
  expect(await tearDown()).toEqual(new Map())
  expect(stage.held()).toEqual([])
  expect(stage.region.ledger({ addressId: eip }).filter(({ event }) => event === 'released')).toHaveLength(1)
})

test('it may be stopped at any moment, and goes on the next time', async () => {
  for (let n = 1; n <= 5; n++) await boundAt(`10.0.0.${n}`)
  const stop = new AbortController()
  stage.clock.after(1_000, () => stop.abort())
  expect((await tearDown(stop.signal)).size).toBeGreaterThan(0)
  expect(await tearDown()).toEqual(new Map())
  expect(stage.held()).toEqual([])
})
