import { emptyNode, foldEvent, type Node, newEvent, streamOf } from '@pod-eip/domain'
import { createMemoryEventLog, type NewEvent } from '@pod-eip/event-log'
import { createMemoryModels, toDomainEvent } from '@pod-eip/read-models'
import { seededIds, seededRandom, silentLogger } from '@pod-eip/runtime'
import { createCloudSimulator, createSimulatedEipCloud } from '@pod-eip/simulators/cloud'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { describe, expect, test } from 'vitest'
import { countDueAt } from '../src/node-addresses/count-due.ts'
import { countNodes } from '../src/node-addresses/count-nodes.ts'

describe('when a CVM is asked about', () => {
  const at = '2026-01-01T00:00:00.000Z'
  const then = Date.parse(at)
  const node = (facts: Partial<Node> = {}): Node => ({
    ...emptyNode('n1'),
    ...{ uid: 'u', instanceId: 'ins-1', limit: 2, countedAt: at, ...facts },
  })
  const waiting = [{ claim: 'a', since: 1 }]
  const foreign = [{ addressId: 'eip-x', privateIp: null }]
  const refusal = (times: number) => ({ limit: 1, times, at: '2026-01-01T00:01:00.000Z', raised: false })

  test.each<[string, Node, number | null, number | null]>([
    ['at once when it never was', node({ countedAt: '' }), null, 0],
    ['again soon when the cloud did not answer', node({ countedAt: '' }), then, then + 30_000],
    ['every ten minutes', node(), null, then + 600_000],
    ['every ten minutes, counted from when it was last asked', node(), then + 1_000, then + 601_000],
    ['every ten minutes when claims wait for others of ours', node({ waiting }), null, then + 600_000],
    ['often when claims wait for what others have', node({ waiting, foreign }), null, then + 20_000],
    ['some seconds after a refusal', node({ refusal: refusal(1) }), null, then + 75_000],
    ['ever later after further refusals', node({ refusal: refusal(4) }), null, then + 180_000],
    ['at the latest after ten minutes', node({ refusal: refusal(40) }), null, then + 660_000],
    ['never when it is gone', node({ removed: true }), null, null],
    ['never when it is not known', node({ instanceId: null }), null, null],
  ])('%s', (_, subject, askedAt, due) => {
    expect(countDueAt(subject, askedAt)).toBe(due)
  })
})

/** So many nodes, counted by so many workers at once, over the simulated cloud. */
function setStage(nodeCount: number, workers = 1) {
  const clock = createVirtualClock(Date.parse('2026-01-01T00:00:00Z'))
  const random = seededRandom(1)
  const simulator = createCloudSimulator({ clock, random, ids: seededIds(random) })
  const region = simulator.region()
  const log = createMemoryEventLog({ clock })
  const models = createMemoryModels(() => log.headNow())
  const ending = new AbortController()
  let folded = 0
  let calls = 0
  const simulated = createSimulatedEipCloud(simulator, { clock })
  const cloud = {
    ...simulated,
    describeAddresses: (...args: Parameters<typeof simulated.describeAddresses>) => {
      calls += 1
      return simulated.describeAddresses(...args)
    },
  }
  const fold = () => {
    for (const event of log.readNow({ after: folded, limit: 10_000 })) {
      foldEvent(models.world, toDomainEvent(event))
      folded = event.position
    }
    return false
  }
  clock.onIdle(fold)
  for (let index = 0; index < nodeCount; index++) {
    const instanceId = `ins-${index}`
    region.upsertInstance({ instanceId, cpu: 48 })
    const facts = { node: `n${index}`, nodeUid: `u${index}`, instanceId, cpu: 48, internalIp: null }
    const event = newEvent('NodeObserved', { ...facts, resourceVersion: '1' })
    log.appendNow([
      {
        ...{ stream: streamOf(event), type: event.type, schemaVersion: 1, actor: 'watcher' },
        ...{ occurredAt: new Date(clock.now()).toISOString(), correlationId: 'x', causationPosition: null },
        data: event.data as unknown as NewEvent['data'],
      },
    ])
  }
  fold()
  for (let worker = 0; worker < workers; worker++) {
    void countNodes(
      {
        ...{ readModels: models, log, cloud, clock, logger: silentLogger },
        settings: { clusterId: 'cls-1', settleMs: 15_000, readLagMs: 75_000, leaseMs: 20_000, pollMs: 500 },
      },
      ending.signal,
    )
  }
  return {
    ...{ clock, region, simulator, models },
    pass: (ms: number) => clock.runUntil(clock.now() + ms),
    calls: () => calls,
    counted: () =>
      log.readNow({ after: 0, limit: 10_000 }).flatMap(({ type, data }) => {
        return type === 'NodeAddressesCounted' ? [data] : []
      }),
    end: () => ending.abort(),
  }
}

describe('counting', () => {
  test('asks about a hundred CVMs in a call, and tells the log once, however many workers ask', async () => {
    const stage = setStage(150, 2)
    await stage.pass(60_000)
    expect(stage.calls()).toBe(4)
    expect(stage.counted()).toHaveLength(150)
    await stage.pass(540_000)
    expect(stage.calls()).toBe(8)
    expect(stage.counted()).toHaveLength(150)
    stage.end()
  })

  test('tells what others have bound, and that it has gone; EIPs of ours are none of that', async () => {
    const stage = setStage(1)
    const theirs = stage.region.bindForeignAddress('ins-0')
    stage.region.upsertNetworkInterface({
      ...{ networkInterfaceId: 'eni-1', instanceId: 'ins-0' },
      privateIps: ['10.0.0.1'],
    })
    const eip = createSimulatedEipCloud(stage.simulator, { clock: stage.clock })
    const tags = [
      { key: 'tke-clusterId', value: 'cls-1' },
      { key: 'pod-eip/allocation', value: 'a-1' },
    ]
    const order = { internetServiceProvider: 'BGP', internetMaxBandwidthOut: 1, addressCount: 1, tags }
    const allocated = eip.allocateAddresses({
      ...{ clientToken: 't', internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR', ...order },
    })
    await stage.pass(10_000)
    const addressId = (await allocated).addressIds[0]!
    const bound = eip.associateAddress({
      ...{ addressId, networkInterfaceId: 'eni-1', privateIpAddress: '10.0.0.1' },
    })
    await stage.pass(10_000)
    await bound
    const foreign = [{ addressId: theirs, privateIp: expect.stringContaining('169.254.') }]
    await stage.pass(610_000)
    expect(stage.counted()).toEqual([{ node: 'n0', instanceId: 'ins-0', foreign }])
    stage.region.unbindForeignAddress(theirs)
    await stage.pass(610_000)
    expect(stage.counted()).toHaveLength(2)
    expect(stage.models.world.nodes.get('n0')?.foreign).toEqual([])
    stage.end()
  })

  test('goes on when the cloud could not be asked', async () => {
    const stage = setStage(1)
    stage.simulator.faults.add({
      kind: 'error',
      code: 'InternalError',
      action: 'DescribeAddresses',
      count: 2,
    })
    await stage.pass(120_000)
    expect(stage.counted()).toHaveLength(1)
    stage.end()
  })
})
