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
import { createMemoryModels, createMemoryProjectionStore, projectorCheckpoint } from '@pod-eip/read-models'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'

/** A log that a test tells what happens, and a projector that decides at once what follows. */
export function createStage(settings: Settings = { claimExpiredMs: null, cascade: false }) {
  const clock = createVirtualClock(Date.parse('2026-01-01T00:00:00Z'))
  const log = createMemoryEventLog({ clock })
  const models = createMemoryModels(() => log.loadCheckpointNow(projectorCheckpoint).position)
  const store = createMemoryProjectionStore(log, models.world)
  let ids = 0
  let version = 0

  async function project(now: string): Promise<void> {
    const context = { now, nextId: () => `id-${++ids}`, settings }
    await store.advance({ maxEvents: 100, maxClaims: 100 }, context)
  }
  /** @param at minutes and seconds after midnight, and perhaps ms: when it comes into the log */
  async function happen<T extends EventType>(
    at: string,
    actor: string,
    type: T,
    data: EventData[T],
    occurredAt?: string,
  ): Promise<void> {
    const now = time(at)
    await clock.runUntil(Date.parse(now))
    const event = newEvent(type, data) as NewDomainEvent
    log.appendNow([
      {
        stream: streamOf(event),
        type,
        schemaVersion: 1,
        occurredAt: occurredAt === undefined ? now : time(occurredAt),
        actor,
        correlationId: 'story',
        causationPosition: null,
        data: data as never,
      },
    ])
    await project(now)
  }
  const pod = (claim: string, podUid: string, facts: Partial<EventData['PodObserved']> = {}) =>
    podObserved({
      claim,
      podUid,
      resourceVersion: String(++version),
      node: 'n1',
      privateIp: '10.0.0.1',
      ...facts,
    })
  const node = (name: string, cpu: number) => ({
    node: name,
    nodeUid: `uid-${name}`,
    resourceVersion: String(++version),
    instanceId: 'ins-1',
    cpu,
    internalIp: '10.0.0.4',
  })

  /** Lets Tencent Cloud do what the claim's outstanding intent orders. */
  async function cloudDoes(at: string, claim: string, eip = 'eip-1', requestId = `r-${eip}`): Promise<void> {
    const { intent, generation, address, binding, search } = models.world.claims.get(claim)!
    if (!intent) throw new Error(`${claim} waits for no call`)
    const about = { claim, generation, intentId: intent.id, requestId }
    const publicIp = `203.0.113.${eip.replace(/\D/g, '')}`
    const addressId = address?.id ?? eip
    switch (intent.action) {
      case 'allocate': {
        const addresses = [{ addressId: eip, publicIp }]
        return happen(at, 'worker', 'AllocationCompleted', { ...about, allocationId: intent.id, addresses })
      }
      case 'lookup': {
        const free = search.lookup!.addressIds.map((id) => ({ addressId: id, publicIp: '198.51.100.1' }))
        return happen(at, 'worker', 'LookupCompleted', { ...about, free, inUse: [], refused: [] })
      }
      case 'associate': {
        const { podUid, node, privateIp } = binding!
        const where = { podUid, node, privateIp, networkInterfaceId: 'eni-1' }
        const held = { addressId, publicIp: address!.publicIp }
        return happen(at, 'worker', 'AddressBound', { ...about, ...held, ...where })
      }
      case 'disassociate': {
        const { id: bindingId, node } = binding!
        return happen(at, 'worker', 'AddressUnbound', { ...about, addressId, bindingId, node })
      }
      case 'release':
        return happen(at, 'worker', 'AddressReleased', { ...about, addressId })
    }
  }

  return { clock, log, models, happen, project, pod, node, cloudDoes }
}

function time(at: string): string {
  return `2026-01-01T00:${at.includes('.') ? at : `${at}.000`}Z`
}
