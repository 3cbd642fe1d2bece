import {
  type Claim,
  claimKey,
  type EventData,
  type EventType,
  type NewDomainEvent,
  newEvent,
} from '@pod-eip/domain'
import { podObserved } from '@pod-eip/domain/testing'
import type { EventLog, NewEvent } from '@pod-eip/event-log'
import {
  confirmClusterName,
  createPostgresProjectionStore,
  createPostgresReadModels,
  toNewEvent,
} from '@pod-eip/read-models'
import { systemClock, systemIds } from '@pod-eip/runtime'
import type { openLog } from '../open-log.ts'

/** A Node of 48 CPUs has so many EIP slots. */
const slotsOfNode = 9
const atATime = 500

/** The Pods of the storm: what the cluster shows of them, and what the log is told. */
export interface StormPod {
  name: string
  uid: string
  node: string
}

/**
 * Brings the log to where so many Pods have their EIPs bound, as watcher, projector and worker would: nothing of it
 * is published yet.
 */
export async function bindAll(
  { log, pool, schema }: Awaited<ReturnType<typeof openLog>>,
  cluster: { id: string; uid: string },
  pods: StormPod[],
): Promise<void> {
  const store = createPostgresProjectionStore(log, pool, schema)
  const readModels = createPostgresReadModels(pool, schema)
  const project = async () => {
    let now = systemClock.now()
    for (let more = true; more; ) {
      const context = {
        now: new Date(now).toISOString(),
        nextId: () => systemIds.next(),
        settings: { claimExpiredMs: null, cascade: false },
      }
      const report = await store.advance({ maxEvents: 2_000, maxClaims: 500 }, context)
      now = report.dueAt ?? now
      more = report.more || report.dueAt !== null
    }
  }
  // Else the publisher names it, and waits for a projector to fold that.
  await confirmClusterName({
    ...{ log, schema, clusterId: cluster.id, actor: 'bench', clock: systemClock },
    close: async () => {},
  })
  const nodes = [...new Set(pods.map(({ node }) => node))]
  await append(log, [
    event('ClusterIdentified', { clusterUid: cluster.uid }),
    ...nodes.map((node) =>
      event('NodeObserved', {
        ...{ node, nodeUid: node, resourceVersion: '1', instanceId: `ins-${node}`, cpu: 48 },
        internalIp: '10.0.0.4',
      }),
    ),
  ])
  const createdAt = new Date(systemClock.now()).toISOString()
  await append(
    log,
    pods.map(({ name, uid, node }, i) =>
      event(
        'PodObserved',
        podObserved({
          ...{
            claim: claimKey('default', name),
            podUid: uid,
            resourceVersion: String(i + 1),
            node,
            createdAt,
          },
          privateIp: `10.${1 + (i >> 16)}.${(i >> 8) & 255}.${i & 255}`,
        }),
      ),
    ),
  )
  await project()
  await answer(await readModels.claims(), 'allocate', allocated)
  await project()
  await answer(await readModels.claims(), 'associate', bound)
  await project()

  function answer(claims: Claim[], action: string, outcome: (claim: Claim) => NewEvent) {
    return append(log, claims.filter(({ intent }) => intent?.action === action).map(outcome))
  }
}

/** The Node on which the Pod of this number is. */
export function nodeOf(i: number): string {
  return `node-${Math.floor(i / slotsOfNode)}`
}

function allocated(claim: Claim): NewEvent {
  const { key, generation, intent } = claim
  const addresses = [{ addressId: `eip-${key.replaceAll(/[^0-9]/g, '')}`, publicIp: '203.0.113.1' }]
  return event('AllocationCompleted', {
    ...{ claim: key, generation, intentId: intent!.id, requestId: 'r' },
    ...{ allocationId: intent!.id, addresses },
  })
}

function bound({ key, generation, intent, binding, address }: Claim): NewEvent {
  const { podUid, node, privateIp } = binding!
  return event('AddressBound', {
    ...{ claim: key, generation, intentId: intent!.id, requestId: 'r' },
    ...{ addressId: address!.id, publicIp: address!.publicIp, podUid, node, privateIp },
    networkInterfaceId: 'eni-1',
  })
}

function event<T extends EventType>(type: T, data: EventData[T]): NewEvent {
  return toNewEvent(newEvent(type, data) as NewDomainEvent, {
    occurredAt: new Date(systemClock.now()).toISOString(),
    ...{ actor: 'bench', correlationId: 'bench', causationPosition: null },
  })
}

async function append(log: EventLog, events: NewEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += atATime)
    await log.append(events.slice(from, from + atATime))
}
