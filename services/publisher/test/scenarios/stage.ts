import {
  type Claim,
  claimKey,
  type EventData,
  type EventType,
  emptyWorld,
  type NewDomainEvent,
  newEvent,
} from '@pod-eip/domain'
import { podObserved } from '@pod-eip/domain/testing'
import { createMemoryEventLog } from '@pod-eip/event-log'
import { type Cluster, eipClaims, events, type KubeObject, pods } from '@pod-eip/kube'
import {
  createMemoryModels,
  createMemoryProjectionStore,
  projectorCheckpoint,
  toNewEvent,
} from '@pod-eip/read-models'
import { type Clock, type Logger, seededIds, seededRandom, silentLogger } from '@pod-eip/runtime'
import { createPublisher, type PublisherSettings } from '../../src/index.ts'

/** As every Pod has it that asks for an EIP. */
export const asks = 'tke.cloud.tencent.com/eip-attributes'

/** The calls that change something. */
const writes = ['create', 'apply', 'mergePatch', 'delete'] as const

/** A log with its projection, a cluster to publish it to, and a hand that does what watcher and worker do. */
export function setStage(
  cluster: Cluster,
  clock: Clock,
  namespace = 'default',
  annotationDomain = 'tke.cloud.tencent.com',
) {
  const log = createMemoryEventLog({ clock })
  const world = emptyWorld()
  const store = createMemoryProjectionStore(log, world)
  const readModels = createMemoryModels(() => log.loadCheckpointNow(projectorCheckpoint).position, world)
  const random = seededRandom(7)
  const ids = seededIds(random)
  const written: string[] = []
  const stops: (() => Promise<void>)[] = []
  let version = 100

  const counted = new Proxy(cluster, {
    get(target, property: keyof Cluster) {
      const call = target[property].bind(target) as (...args: unknown[]) => unknown
      if (!(writes as readonly string[]).includes(property)) return call
      return (...args: unknown[]) => {
        written.push(`${property} ${(args[0] as { plural: string }).plural}`)
        return call(...args)
      }
    },
  })

  async function project(): Promise<void> {
    let now = clock.now()
    for (let more = true; more; ) {
      const context = {
        now: new Date(now).toISOString(),
        nextId: () => ids.next(),
        settings: { claimExpiredMs: null, cascade: false },
      }
      const report = await store.advance({ maxEvents: 100, maxClaims: 100 }, context)
      // An allocation that waits for company is decided as if its time had come.
      now = report.dueAt ?? now
      more = report.more || report.dueAt !== null
    }
  }

  async function happen<T extends EventType>(type: T, data: EventData[T]): Promise<void> {
    await log.append([
      toNewEvent(newEvent(type, data) as NewDomainEvent, {
        occurredAt: new Date(clock.now()).toISOString(),
        ...{ actor: 'test', correlationId: 'test', causationPosition: null },
      }),
    ])
    await project()
  }

  const claimOf = (name: string): Claim => world.claims.get(claimKey(namespace, name))!

  const warnings: string[] = []
  const heard = (...args: unknown[]) => void warnings.push(String(args.at(-1)))
  const logger: Logger = { ...silentLogger, warn: heard, error: heard }

  return {
    log,
    readModels,
    /** What publishers have logged as a warning or an error, in order. */
    warnings,
    /** Every write to the cluster, in order. */
    written,
    happen,
    claimOf,
    /** A publisher of its own memory, until `stop`. */
    publish({ cascade = false, masqAgentConfig = null }: Partial<PublisherSettings> = {}) {
      const abort = new AbortController()
      const publisher = createPublisher({
        ...{ cluster: counted, log, checkpoints: log.checkpoints, readModels, clock, random },
        settings: {
          ...{ annotationDomain, qps: 1000, burst: 1000, concurrency: 4 },
          ...{ cascade, masqAgentConfig },
        },
        logger,
      })
      const running = publisher.run(abort.signal)
      const stop = async () => {
        abort.abort()
        await running
      }
      stops.push(stop)
      return { publisher, stop }
    },
    stop: async () => {
      await Promise.all(stops.map((stop) => stop()))
    },

    /** Makes a Pod in the cluster, not in the log; returns its uid. */
    async makePod(name: string, spec: object = {}): Promise<string> {
      const containers = [{ name: 'main', image: 'none' }]
      const pod = await cluster.create(pods, {
        metadata: { name, namespace, annotations: { [asks]: '{}' } },
        spec: { containers, ...spec },
      })
      return pod.metadata.uid!
    },
    podSeen: (name: string, podUid: string, facts: Partial<EventData['PodObserved']> = {}) =>
      happen(
        'PodObserved',
        podObserved({
          ...{ claim: claimKey(namespace, name), podUid, resourceVersion: String(++version) },
          ...{ node: `node-of-${name}`, privateIp: '10.0.0.5' },
          createdAt: new Date(clock.now()).toISOString(),
          ...facts,
        }),
      ),
    nodeSeen: (node: string, nodeUid: string) =>
      happen('NodeObserved', {
        ...{ node, nodeUid, resourceVersion: String(++version), instanceId: 'ins-1', cpu: 4 },
        internalIp: '10.0.0.4',
      }),
    podEnded: (name: string, podUid: string) =>
      happen('PodEnded', { claim: claimKey(namespace, name), podUid, reason: 'Deleted' }),
    /** @param collectedWith uid of the owner with which Kubernetes deleted it; `null` when somebody did */
    objectDeleted: (name: string, objectUid: string, collectedWith: string | null = null) =>
      happen('EipClaimDeletionRequested', {
        claim: claimKey(namespace, name),
        objectUid,
        ...{ namespaceTerminating: false, collectedWith },
      }),
    /** The cloud does what the claim's outstanding intent orders. */
    async cloudDoes(name: string): Promise<void> {
      const { key, intent, generation, address, binding } = claimOf(name)
      if (!intent) throw new Error(`${key} has no intent`)
      const about = { claim: key, generation, intentId: intent.id, requestId: 'r' }
      const addressId = address?.id ?? `eip-${intent.id.slice(0, 8)}`
      switch (intent.action) {
        case 'allocate':
          return happen('AllocationCompleted', {
            ...{ ...about, allocationId: intent.id, addresses: [{ addressId, publicIp: '203.0.113.1' }] },
          })
        case 'associate': {
          const { podUid, node, privateIp } = binding!
          const where = { podUid, node, privateIp, networkInterfaceId: 'eni-1' }
          return happen('AddressBound', { ...about, addressId, publicIp: address!.publicIp, ...where })
        }
        case 'disassociate':
          return happen('AddressUnbound', {
            ...about,
            addressId,
            bindingId: binding!.id,
            node: binding!.node,
          })
        case 'release':
          return happen('AddressReleased', { ...about, addressId })
      }
    },

    object: (name: string): Promise<KubeObject | null> => cluster.get(eipClaims, namespace, name),
    pod: (name: string): Promise<KubeObject | null> => cluster.get(pods, namespace, name),
    /** `Kind Reason` of each Event about the name, in order of their telling. */
    async eventsOf(name: string): Promise<string[]> {
      const { items } = await cluster.list(events, { namespace })
      return items
        .filter((event) => event.involvedObject.name === name)
        .sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion))
        .map((event) => `${event.involvedObject.kind} ${event.reason}`)
    },
  }
}

export type Stage = ReturnType<typeof setStage>
