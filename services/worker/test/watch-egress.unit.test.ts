import { type Claim, type ClaimEgress, emptyClaim, foldEvent, newEvent } from '@pod-eip/domain'
import { createMemoryEventLog } from '@pod-eip/event-log'
import { createMemoryModels, toDomainEvent, toNewEvent } from '@pod-eip/read-models'
import { seededIds, seededRandom, silentLogger } from '@pod-eip/runtime'
import { createCloudSimulator, createSimulatedEipCloud } from '@pod-eip/simulators/cloud'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'
import { afterEach, expect, test } from 'vitest'
import { watchEgress } from '../src/egress/watch-egress.ts'

const ending: AbortController[] = []
afterEach(() => {
  for (const one of ending.splice(0)) one.abort()
})
const toNat = {
  ...{ routeTableId: 'rtb-nat', vpcId: 'vpc-1', subnetIds: ['subnet-1'] },
  routes: [{ destinationCidrBlock: '0.0.0.0/0', gatewayType: 'NAT', gatewayId: 'nat-1' }],
}

/** Bound claims, their interfaces in subnet-1 and subnet-2 in turns, and workers that look after their egress. */
function setStage(claims: number) {
  const clock = createVirtualClock(Date.parse('2026-01-01T00:00:00Z'))
  const random = seededRandom(1)
  const simulator = createCloudSimulator({ clock, random, ids: seededIds(random) })
  const region = simulator.region()
  const log = createMemoryEventLog({ clock })
  const models = createMemoryModels(() => log.headNow())
  let folded = 0
  const fold = () => {
    for (const event of log.readNow({ after: folded, limit: 10_000 })) {
      foldEvent(models.world, toDomainEvent(event))
      folded = event.position
    }
    return false
  }
  clock.onIdle(fold)
  for (let n = 0; n < claims; n += 1) bind(n)

  function bind(n: number): void {
    const networkInterfaceId = `eni-${n}`
    region.upsertNetworkInterface({ networkInterfaceId, vpcId: 'vpc-1', subnetId: `subnet-${1 + (n % 2)}` })
    const key = `ns/p${n}`
    // An event for the place in the log at which the claim was bound.
    const event = newEvent('NodeRemoved', { node: key, nodeUid: '' })
    const at = new Date(clock.now()).toISOString()
    const origin = { occurredAt: at, actor: 'test', correlationId: key, causationPosition: null }
    log.appendNow([toNewEvent(event, origin)])
    models.world.claims.set(key, {
      ...emptyClaim(key),
      ...{ phase: 'Bound', generation: 1, position: log.headNow() },
      address: { source: 'listed', id: `eip-${n}`, publicIp: '' },
      binding: { id: `b${n}`, networkInterfaceId } as Claim['binding'] & object,
    })
  }

  return {
    ...{ simulator, region, bind },
    watch(egress = true) {
      const abort = new AbortController()
      ending.push(abort)
      const cloud = createSimulatedEipCloud(simulator, { clock })
      void watchEgress({ cloud, clock, log, readModels: models, egress, logger: silentLogger }, abort.signal)
      return () => abort.abort()
    },
    minutes: (count: number) => clock.runUntil(clock.now() + count * 60_000),
    told: () =>
      log
        .readNow({ after: 0, limit: 10_000 })
        .filter(({ type }) => type.startsWith('Egress'))
        .map((event) => [event.type, event.stream] as const),
    know: (n: number, egress: ClaimEgress) => {
      const { claims } = models.world
      claims.set(`ns/p${n}`, { ...claims.get(`ns/p${n}`)!, egress })
    },
    claim: (n: number) => models.world.claims.get(`ns/p${n}`)!,
    calls: () => simulator.requests().DescribeRouteTables ?? 0,
  }
}

test('each claim of a subnet with a NAT gateway is told of once, and once more when that is over', async () => {
  const stage = setStage(6)
  stage.watch()
  stage.watch()
  await stage.minutes(30)
  expect(stage.told()).toEqual([])
  stage.region.putRouteTable(toNat)
  await stage.minutes(30)
  expect(stage.told()).toEqual([0, 2, 4].map((n) => ['EgressSeen', `claim/ns/p${n}`]))
  expect(stage.claim(0).egress).toMatchObject({
    ...{ subnetId: 'subnet-1', routeTableId: 'rtb-nat' },
    natRoutes: [{ natGatewayId: 'nat-1', destination: '0.0.0.0/0' }],
  })
  expect(stage.claim(1).egress).toBeNull()
  stage.region.removeRouteTable('rtb-nat')
  await stage.minutes(30)
  expect(stage.told()).toHaveLength(6)
  expect(stage.claim(0).egress).toMatchObject({ natRoutes: [] })
})

test('what the read models show in another order of fields is nothing new', async () => {
  const stage = setStage(1)
  stage.region.putRouteTable(toNat)
  // As Postgres gives JSON back.
  const natRoutes = [{ destination: '0.0.0.0/0', natGatewayId: 'nat-1' }]
  stage.know(0, { routeTableId: 'rtb-nat', natRoutes, since: '', subnetId: 'subnet-1' })
  stage.watch()
  await stage.minutes(30)
  expect(stage.told()).toEqual([])
})

test('a VPC costs one call in five minutes, however many Pods come', async () => {
  const stage = setStage(2)
  stage.region.putRouteTable(toNat)
  stage.watch()
  for (let n = 2; n < 62; n += 1) {
    stage.bind(n)
    await stage.minutes(1)
  }
  expect(stage.calls()).toBeLessThanOrEqual(13)
  expect(stage.calls()).toBeGreaterThan(8)
  // Those that came between two calls did not wait for the next.
  expect(stage.told().at(-1)).toEqual(['EgressSeen', 'claim/ns/p60'])
})

test('without the permission nothing is told, and nobody asks more often', async () => {
  const stage = setStage(2)
  stage.region.putRouteTable(toNat)
  stage.simulator.setAccount({ deniedActions: ['vpc:DescribeRouteTables'] })
  stage.watch()
  await stage.minutes(30)
  expect(stage.told()).toEqual([])
  expect(stage.calls()).toBeLessThanOrEqual(31)
  stage.simulator.setAccount({ deniedActions: [] })
  await stage.minutes(10)
  expect(stage.told()).toEqual([['EgressSeen', 'claim/ns/p0']])
})

test('turned off, it asks the cloud nothing, and what was told is told no more', async () => {
  const stage = setStage(2)
  stage.region.putRouteTable(toNat)
  const stop = stage.watch()
  await stage.minutes(10)
  stop()
  const calls = stage.calls()
  stage.watch(false)
  await stage.minutes(30)
  expect(stage.calls()).toBe(calls)
  expect(stage.told()).toEqual([
    ['EgressSeen', 'claim/ns/p0'],
    ['EgressUnwatched', 'claim/ns/p0'],
  ])
  expect(stage.claim(0).egress).toBeNull()
})
