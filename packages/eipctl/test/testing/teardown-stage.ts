import { type EipCloud, joinedCloud } from '@pod-eip/cloud'
import { callTimes, handleIntent } from '@pod-eip/cloud-calls'
import {
  type EventData,
  type EventType,
  type NewDomainEvent,
  newEvent,
  type Settings,
  streamOf,
} from '@pod-eip/domain'
import { podObserved } from '@pod-eip/domain/testing'
import { createMemoryEventLog } from '@pod-eip/event-log'
import { createMemoryIntentRuns } from '@pod-eip/queue'
import {
  createMemoryModels,
  createMemoryProjectionStore,
  projectorCheckpoint,
  toNewEvent,
} from '@pod-eip/read-models'
import { seededIds, seededRandom } from '@pod-eip/runtime'
import { createCloudSimulator, createSimulatedEipCloud } from '@pod-eip/simulators/cloud'
import { createVirtualClock, runUntilSettled } from '@pod-eip/simulators/virtual-clock'

export const cluster = 'cls-1'
const settings: Settings = { claimExpiredMs: null, cascade: false }

/** A log, a simulated cloud and whoever works on the intents, all on one virtual clock and without any service. */
export function setTeardownStage() {
  const clock = createVirtualClock(Date.parse('2026-01-01T00:00:00Z'))
  const simulator = createCloudSimulator({
    clock,
    random: seededRandom(1),
    ids: seededIds(seededRandom(2)),
    config: { quotas: { total: 500, daily: 1_000 } },
  })
  const region = simulator.region()
  const log = createMemoryEventLog({ clock })
  const models = createMemoryModels(() => log.loadCheckpointNow(projectorCheckpoint).position)
  const store = createMemoryProjectionStore(log, models.world)
  const runs = createMemoryIntentRuns({ clock, log })
  const ids = seededIds(seededRandom(3))
  const random = seededRandom(4)
  const cloud: EipCloud = joinedCloud(createSimulatedEipCloud(simulator, { clock }), { clock })
  let version = 100

  const inTime = <T>(work: Promise<T>) => runUntilSettled(clock, work)

  async function project(): Promise<void> {
    for (;;) {
      const context = { now: new Date(clock.now()).toISOString(), nextId: () => ids.next(), settings }
      const { more, dueAt } = await store.advance({ maxEvents: 1_000, maxClaims: 1_000 }, context)
      if (dueAt !== null) await clock.runUntil(dueAt)
      else if (!more) return
    }
  }

  async function happen<T extends EventType>(type: T, data: EventData[T]): Promise<void> {
    const event = newEvent(type, data) as NewDomainEvent
    const occurredAt = new Date(clock.now()).toISOString()
    const origin = { occurredAt, actor: 'watcher', correlationId: streamOf(event), causationPosition: null }
    log.appendNow([toNewEvent(event, origin)])
    await project()
  }

  const handling = {
    ...{ readModels: models, runs, cloud, clock, random, owner: 'worker-1' },
    settings: { clusterId: cluster, ...callTimes() },
  }
  /** One step of each open intent. */
  async function stepAll(): Promise<number> {
    const open = await models.openIntents()
    await inTime(Promise.all(open.map(({ id }) => handleIntent(id, handling))))
    await project()
    return open.length
  }

  return {
    ...{ clock, cloud, simulator, region, log, models, store, runs, ids, random },
    ...{ inTime, project, happen, stepAll },
    /** Does all that is ordered. */
    async settle(): Promise<void> {
      await project()
      while ((await stepAll()) > 0) await clock.runUntil(clock.now() + 1_000)
    },
    /** A node with room for nine EIPs. */
    async node(name: string): Promise<void> {
      region.upsertInstance({ instanceId: `ins-${name}`, cpu: 48 })
      region.upsertNetworkInterface({
        ...{ networkInterfaceId: `eni-${name}-own`, instanceId: `ins-${name}` },
        ...{ primary: true, privateIps: [`10.1.0.${version}`] },
      })
      region.upsertNetworkInterface({
        ...{ networkInterfaceId: `eni-${name}`, instanceId: `ins-${name}`, privateIps: [] },
      })
      await happen('NodeObserved', {
        ...{ node: name, nodeUid: `uid-${name}`, resourceVersion: String(++version) },
        ...{ instanceId: `ins-${name}`, cpu: 48, internalIp: null },
      })
    },
    /** A Pod on a node, with a private address there. */
    async pod(claim: string, node: string, privateIp: string, request: object = { attributes: '{}' }) {
      region.assignPrivateIp(`eni-${node}`, privateIp)
      const seen = { claim, podUid: `uid-${claim}`, node, privateIp, request }
      await happen('PodObserved', podObserved({ ...seen, resourceVersion: String(++version) }))
    },
    ended: (claim: string) => happen('PodEnded', { claim, podUid: `uid-${claim}`, reason: 'Deleted' }),
    /** Somebody with the same account creates an EIP. */
    async created(tags: { key: string; value: string }[], name = 'by-hand'): Promise<string> {
      const { addressIds } = await inTime(
        cloud.allocateAddresses({
          ...{ clientToken: ids.next(), addressCount: 1, internetServiceProvider: 'BGP' },
          ...{ internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR', internetMaxBandwidthOut: 10 },
          ...{ addressName: name, tags },
        }),
      )
      await clock.runUntil(clock.now() + 20_000)
      return addressIds[0]!
    },
    async bindByHand(addressId: string, networkInterfaceId: string, privateIpAddress: string): Promise<void> {
      await inTime(cloud.associateAddress({ addressId, networkInterfaceId, privateIpAddress }))
      await clock.runUntil(clock.now() + 20_000)
    },
    async unbindByHand(addressId: string): Promise<void> {
      await inTime(cloud.disassociateAddress({ addressId }))
      await clock.runUntil(clock.now() + 20_000)
    },
    pass: (ms: number) => clock.runUntil(clock.now() + ms),
    /** EIPs that there are, with what they are bound to. */
    held: () =>
      region
        .addresses()
        .filter(({ status }) => status !== 'OFFLINING')
        .map(({ addressId, binding }) => [addressId, binding?.privateIpAddress ?? null])
        .sort(),
  }
}

export type TeardownStage = ReturnType<typeof setTeardownStage>
