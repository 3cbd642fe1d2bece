import { type CloudAction, CloudError, type EipCloud, joinedCloud, noAnswer } from '@pod-eip/cloud'
import { seededIds, seededRandom } from '@pod-eip/runtime'
import { createCloudSimulator, createSimulatedEipCloud } from '@pod-eip/simulators/cloud'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { beforeEach, describe, expect, test } from 'vitest'
import { request } from './eip-cloud-requests.ts'

type Sent = { action: CloudAction; at: number; asked: string[] }

/** The joined cloud over the simulated one, on a virtual clock; every request that leaves is noted. */
function openJoined() {
  const clock = createVirtualClock(0)
  const simulator = createCloudSimulator({
    clock,
    random: seededRandom(1),
    ids: seededIds(seededRandom(2)),
    config: {
      quotas: { total: 500, daily: 500 },
      durations: { settle: [500, 500] },
      // The rate limit has its place behind the joining, and tests of its own.
      rateLimits: { ReleaseAddresses: 1_000 },
    },
  })
  const plain = createSimulatedEipCloud(simulator, { clock })
  const sent: Sent[] = []
  const noting: EipCloud = {
    ...plain,
    async describeAddresses(query, call) {
      const asked = query.addressIds ?? query.tags?.map((tag) => tag.value) ?? []
      sent.push({ action: 'DescribeAddresses', at: clock.now(), asked })
      return plain.describeAddresses(query, call)
    },
    async describeNetworkInterfaces(query, call) {
      const asked = query.instanceIds ?? query.privateIpAddresses ?? []
      sent.push({ action: 'DescribeNetworkInterfaces', at: clock.now(), asked })
      return plain.describeNetworkInterfaces(query, call)
    },
    releaseAddresses: ({ addressIds }, call = {}) =>
      plain.releaseAddresses(
        { addressIds },
        {
          ...call,
          async admit(action, signal) {
            await call.admit?.(action, signal)
            sent.push({ action: 'ReleaseAddresses', at: clock.now(), asked: addressIds })
          },
        },
      ),
  }
  const cloud = joinedCloud(noting, { clock })
  return {
    clock,
    simulator,
    plain,
    cloud,
    sent,
    pass: (ms: number) => clock.runUntil(clock.now() + ms),
    /** What came of each promise once `ms` have passed. */
    async settled<T>(promises: Promise<T>[], ms = 60_000) {
      const all = Promise.allSettled(promises)
      await clock.runUntil(clock.now() + ms)
      return all
    },
    async eips(count: number): Promise<string[]> {
      const ids: string[] = []
      while (ids.length < count) {
        const addressCount = Math.min(100, count - ids.length)
        const clientToken = `eips-${simulator.region().addresses().length}`
        ids.push(...(await plain.allocateAddresses(request({ clientToken, addressCount }))).addressIds)
      }
      await clock.runUntil(clock.now() + 10_000)
      return ids
    },
  }
}

let stage: ReturnType<typeof openJoined>
beforeEach(() => {
  stage = openJoined()
})

const read = (id: string) => stage.cloud.describeAddresses({ addressIds: [id] })
const release = (id: string) => stage.cloud.releaseAddresses({ addressIds: [id] })
const values = <T>(results: PromiseSettledResult<T>[]) =>
  results.map((r) => (r.status === 'fulfilled' ? r.value : r.reason))

describe('reads of addresses', () => {
  test('one alone goes out at once', async () => {
    const [id] = await stage.eips(1)
    const asked = stage.clock.now()
    const [found] = values(await stage.settled([read(id!)], 0))
    expect(found).toMatchObject([{ addressId: id, status: 'UNBIND' }])
    expect(stage.sent).toMatchObject([{ at: asked, asked: [id] }])
  })

  test('many that are asked for at about the same time are one call, and each is told of its own', async () => {
    const ids = await stage.eips(60)
    const found = values(await stage.settled(ids.map(read), 1_000))
    expect(found.map((f) => f.map((a: { addressId: string }) => a.addressId))).toEqual(ids.map((id) => [id]))
    expect(stage.sent.map((s) => s.asked.length)).toEqual([60])
  })

  test('the more a call carried, the longer the next one gathers, up to some seconds; full ones do not wait', async () => {
    const ids = await stage.eips(30)
    const asking = async (id: string) => {
      for (let i = 0; i < 20; i++) {
        await read(id)
        await stage.clock.sleep(500)
      }
    }
    const began = stage.clock.now()
    await stage.settled(ids.map(asking), 120_000)
    // 600 questions; 20 in a row that each wait for a call that gathers for 3.5 s.
    expect(stage.sent.length).toBeLessThanOrEqual(23)
    expect(stage.sent.at(-1)!.at - began).toBeLessThan(20 * 4_200)

    stage.sent.length = 0
    const many = await stage.eips(250)
    const now = stage.clock.now()
    await stage.settled(many.map(read))
    expect(stage.sent.map((s) => s.asked.length)).toEqual([100, 100, 50])
    expect(stage.sent[1]!.at).toBe(now)
  })

  test('no answer is older than its question: who asks while a call is under way is in the next', async () => {
    const [id] = await stage.eips(1)
    stage.simulator.faults.add({
      kind: 'latency',
      ms: 2_000,
      when: 'after',
      action: 'DescribeAddresses',
      count: 1,
    })
    const early = read(id!)
    await stage.pass(100)
    await stage.plain.releaseAddresses({ addressIds: [id!] })
    await stage.pass(1_000)
    const [before, after] = values(await stage.settled([early, read(id!)]))
    expect(before).toMatchObject([{ status: 'UNBIND' }])
    expect(after).toEqual([])
  })

  test('a call that is never answered holds up the others for a few seconds only', async () => {
    const [a, b] = await stage.eips(2)
    stage.simulator.faults.add({ kind: 'lost-answer', how: 'hang', action: 'DescribeAddresses', count: 1 })
    const began = stage.clock.now()
    const first = Promise.allSettled([read(a!)])
    await stage.pass(0)
    const second = read(b!).then(() => stage.clock.now())
    const [told] = values(await stage.settled([second]))
    expect(told - began).toBeLessThanOrEqual(3_500)
    expect(values(await first)).toMatchObject([{ class: 'no-answer' }])
  })

  test('an id that the cloud does not take fails alone', async () => {
    const ids = await stage.eips(5)
    const refusing: EipCloud = {
      ...stage.plain,
      async describeAddresses(query) {
        if (query.addressIds?.includes('nonsense')) {
          throw new CloudError('terminal', 'InvalidParameterValue.AddressIdMalformed', 'No EIP id.')
        }
        return stage.plain.describeAddresses(query)
      },
    }
    const cloud = joinedCloud(refusing, { clock: stage.clock })
    const told = values(
      await stage.settled(['nonsense', ...ids].map((id) => cloud.describeAddresses({ addressIds: [id] }))),
    )
    expect(told[0]).toMatchObject({ code: 'InvalidParameterValue.AddressIdMalformed' })
    expect(told.slice(1).map((found) => found[0].addressId)).toEqual(ids)
  })

  test('tags of one key are joined, other queries go their own way', async () => {
    const tagged = (value: string) =>
      stage.plain.allocateAddresses(
        request({ clientToken: value, addressCount: 2, tags: [{ key: 'pod-eip/allocation', value }] }),
      )
    for (const value of ['a', 'b', 'c']) await tagged(value)
    const byTag = (value: string) =>
      stage.cloud.describeAddresses({ tags: [{ key: 'pod-eip/allocation', value }] })
    const found = values(await stage.settled(['a', 'b', 'c', 'd'].map(byTag)))
    expect(found.map((f) => f.length)).toEqual([2, 2, 2, 0])
    expect(stage.sent.map((s) => s.asked)).toEqual([['a', 'b', 'c', 'd']])
    const both = { addressIds: ['x'], tags: [{ key: 'pod-eip/allocation', value: 'a' }] }
    await stage.settled([stage.cloud.describeAddresses(both), stage.cloud.describeAddresses(both)])
    expect(stage.sent).toHaveLength(3)
  })
})

describe('releases', () => {
  test('wait a moment and go out as one call; each is told the same', async () => {
    const ids = await stage.eips(40)
    const told = values(await stage.settled(ids.map(release)))
    expect(new Set(told.map((t) => t.requestId)).size).toBe(1)
    expect(stage.sent.map((s) => s.asked.length)).toEqual([40])
    expect(stage.simulator.region().addresses()).toEqual([])
  })

  test('wait longer while more keep coming, so that a trickle is not a call each', async () => {
    const eips = await stage.eips(30)
    const releases: Promise<unknown>[] = []
    for (const id of eips) {
      releases.push(release(id))
      await stage.pass(1_000)
    }
    values(await stage.settled(releases))
    expect(stage.sent.length).toBeLessThanOrEqual(10)
  })

  test('one that is refused fails alone', async () => {
    const ids = await stage.eips(10)
    stage.simulator.region().markAddress(ids[3]!, { deletionProtection: true })
    const told = values(await stage.settled([...ids, 'eip-00000000'].map(release)))
    expect(told.map((t) => t.code ?? 'released')).toEqual([
      ...ids.map((_, i) => (i === 3 ? 'OperationDenied.AddressDeletionProtectionEnabled' : 'released')),
      'InvalidAddressId.NotFound',
    ])
    expect(
      stage.simulator
        .region()
        .addresses()
        .map((a) => a.addressId),
    ).toEqual([ids[3]])
  })

  test('one that was unbound just now is waited for, not taken apart', async () => {
    const region = stage.simulator.region()
    region.upsertNetworkInterface({ networkInterfaceId: 'eni-1', privateIps: ['10.0.0.1'] })
    const ids = await stage.eips(20)
    const binding = { addressId: ids[0]!, networkInterfaceId: 'eni-1', privateIpAddress: '10.0.0.1' }
    await stage.plain.associateAddress(binding)
    await stage.pass(10_000)
    stage.simulator.configure({ durations: { settle: [2_000, 2_000] } })
    await stage.plain.disassociateAddress({ addressId: ids[0]! })
    await stage.pass(1_500)
    await stage.settled(ids.map(release))
    expect(region.addresses()).toEqual([])
    expect(stage.sent.every((s) => s.asked.length === 20)).toBe(true)
  })

  test('half a batch done: each is told what became of it', async () => {
    const ids = await stage.eips(8)
    const code = 'UnsupportedOperation.AddressStatusNotPermit'
    stage.simulator.faults.add({ kind: 'half-done', code, action: 'ReleaseAddresses', count: 1 })
    const told = values(await stage.settled(ids.map(release)))
    expect(told.slice(0, 4).map((t) => t.class)).toEqual(Array(4).fill('describe-again'))
    expect(told.slice(4).every((t) => t.requestId !== '')).toBe(true)
    expect(stage.simulator.region().addresses()).toEqual([])
  })

  test('a batch without an answer is not sent again: nobody knows what became of it', async () => {
    const ids = await stage.eips(8)
    stage.simulator.faults.add({ kind: 'lost-answer', action: 'ReleaseAddresses', count: 1 })
    const told = values(await stage.settled(ids.map(release)))
    expect(told.map((t) => t.class)).toEqual(Array(8).fill('no-answer'))
    expect(stage.sent).toHaveLength(1)
  })

  test('one that may not be sent any more is left out, and told why', async () => {
    const ids = await stage.eips(5)
    const lost = new Error('the lease has ended')
    const told = values(
      await stage.settled(
        ids.map((id, i) =>
          stage.cloud.releaseAddresses(
            { addressIds: [id] },
            {
              admit: async () => {
                if (i === 2) throw lost
              },
            },
          ),
        ),
      ),
    )
    expect(told[2]).toBe(lost)
    expect(told.filter((t) => t.requestId)).toHaveLength(4)
    expect(
      stage.simulator
        .region()
        .addresses()
        .map((a) => a.addressId),
    ).toEqual([ids[2]])
  })
})

describe('network interfaces', () => {
  const find = (instanceId: string, ip: string, mayBeRemembered = true) =>
    stage.cloud.describeNetworkInterfaces(
      { privateIpAddresses: [ip], instanceIds: [instanceId] },
      { mayBeRemembered },
    )
  const ids = (found: { networkInterfaceId: string }[]) => found.map((eni) => eni.networkInterfaceId)

  beforeEach(() => {
    const region = stage.simulator.region()
    for (const n of [1, 2, 3]) {
      region.upsertInstance({ instanceId: `ins-${n}`, cpu: 16 })
      region.upsertNetworkInterface({
        networkInterfaceId: `eni-${n}`,
        instanceId: `ins-${n}`,
        vpcId: `vpc-${n}`,
        // The same addresses in each VPC.
        privateIps: ['10.0.0.1', '10.0.0.2'],
      })
    }
  })

  test('a CVM is looked up once for all Pods on it, and addresses that repeat are told apart', async () => {
    const asked = ['ins-1', 'ins-2', 'ins-3'].flatMap((id) => [find(id, '10.0.0.1'), find(id, '10.0.0.2')])
    const found = values(await stage.settled(asked, 5_000))
    expect(found.map(ids)).toEqual([['eni-1'], ['eni-1'], ['eni-2'], ['eni-2'], ['eni-3'], ['eni-3']])
    expect(stage.sent.map((s) => s.asked)).toEqual([['ins-1', 'ins-2', 'ins-3']])
    const again = values(await stage.settled([find('ins-2', '10.0.0.2')], 0))
    expect(again.map(ids)).toEqual([['eni-2']])
    expect(stage.sent).toHaveLength(1)
  })

  test('what is remembered is not told to who wants to know, nor after a while, nor an address that came since', async () => {
    const region = stage.simulator.region()
    await stage.settled([find('ins-1', '10.0.0.1')], 1_000)
    region.assignPrivateIp('eni-1', '10.0.0.9')
    const [came] = values(await stage.settled([find('ins-1', '10.0.0.9')], 1_000))
    expect(ids(came)).toEqual(['eni-1'])
    region.removePrivateIp('eni-1', '10.0.0.9')
    const [asked] = values(await stage.settled([find('ins-1', '10.0.0.9', false)], 1_000))
    expect(asked).toEqual([])
    region.removePrivateIp('eni-1', '10.0.0.2')
    await stage.pass(600_000)
    const [late] = values(await stage.settled([find('ins-1', '10.0.0.2')], 1_000))
    expect(late).toEqual([])
  })

  test('a binding that is refused makes it forget', async () => {
    const region = stage.simulator.region()
    const [addressId] = await stage.eips(1)
    await stage.settled([find('ins-1', '10.0.0.1')], 1_000)
    region.removePrivateIp('eni-1', '10.0.0.1')
    region.upsertNetworkInterface({
      networkInterfaceId: 'eni-4',
      instanceId: 'ins-1',
      vpcId: 'vpc-1',
      privateIps: ['10.0.0.1'],
    })
    const [remembered] = values(await stage.settled([find('ins-1', '10.0.0.1')], 1_000))
    expect(ids(remembered)).toEqual(['eni-1'])
    const binding = { addressId: addressId!, networkInterfaceId: 'eni-1', privateIpAddress: '10.0.0.1' }
    const [refusal] = values(await stage.settled([stage.cloud.associateAddress(binding)], 0))
    expect(refusal).toMatchObject({ class: 'describe-again' })
    const [found] = values(await stage.settled([find('ins-1', '10.0.0.1')], 1_000))
    expect(ids(found)).toEqual(['eni-4'])
  })

  test('without a CVM the private address alone is looked for', async () => {
    const look = (ip: string) => stage.cloud.describeNetworkInterfaces({ privateIpAddresses: [ip] })
    const found = values(await stage.settled([look('10.0.0.1'), look('10.0.0.2'), look('10.9.9.9')], 1_000))
    expect(found.map((f) => f.length)).toEqual([3, 3, 0])
    expect(stage.sent.map((s) => s.asked)).toEqual([['10.0.0.1', '10.0.0.2', '10.9.9.9']])
  })
})

test('no answer to a joined read is told to all who asked', async () => {
  const silent: EipCloud = {
    ...stage.plain,
    describeAddresses: () => Promise.reject(noAnswer('DescribeAddresses', 'nothing came')),
  }
  const cloud = joinedCloud(silent, { clock: stage.clock })
  const told = await stage.settled(['a', 'b', 'c'].map((id) => cloud.describeAddresses({ addressIds: [id] })))
  expect(values(told).map((t) => t.class)).toEqual(['no-answer', 'no-answer', 'no-answer'])
})
