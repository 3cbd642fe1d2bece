import { type EventData, type EventType, type NewDomainEvent, newEvent, streamOf } from '@pod-eip/domain'
import { podObserved } from '@pod-eip/domain/testing'
import { createMemoryEventLog } from '@pod-eip/event-log'
import { createMemoryModels, createMemoryProjectionStore, projectorCheckpoint } from '@pod-eip/read-models'
import { createVirtualClock } from '@pod-eip/simulators/virtual-clock'

/**
 * A memory that was told a short story: games/web-0 is static and its first Pod held 203.0.113.1 from
 * 00:00:10 to 00:01:00; its second one has it since 00:02:10. default/bot asks for what cannot be, and ends.
 */
export async function tellStory() {
  const clock = createVirtualClock(Date.parse('2026-01-01T00:00:00Z'))
  const log = createMemoryEventLog({ clock })
  const models = createMemoryModels(() => log.loadCheckpointNow(projectorCheckpoint).position)
  const store = createMemoryProjectionStore(log, models.world)
  let ids = 0
  let version = 0

  async function happen<T extends EventType>(
    at: string,
    actor: string,
    type: T,
    data: EventData[T],
  ): Promise<void> {
    const now = `2026-01-01T00:${at}.000Z`
    await clock.runUntil(Date.parse(now))
    const event = newEvent(type, data) as NewDomainEvent
    log.appendNow([
      {
        stream: streamOf(event),
        type,
        schemaVersion: 1,
        occurredAt: now,
        actor,
        correlationId: 'story',
        causationPosition: null,
        data: data as never,
      },
    ])
    const context = { now, nextId: () => `id-${++ids}`, settings: { claimExpiredMs: null, cascade: false } }
    await store.advance({ maxEvents: 100, maxClaims: 100 }, context)
  }
  const pod = (claim: string, podUid: string, request: EventData['PodObserved']['request']) =>
    podObserved({
      claim,
      podUid,
      request,
      resourceVersion: String(++version),
      node: 'n1',
      privateIp: '10.0.0.1',
    })
  const web = { claim: 'games/web-0', generation: 1 }
  const bound = (intentId: string, podUid: string) => ({
    ...web,
    intentId,
    addressId: 'eip-1',
    publicIp: '203.0.113.1',
    podUid,
    node: 'n1',
    privateIp: '10.0.0.1',
    networkInterfaceId: 'eni-1',
    requestId: '',
  })

  const kept = { attributes: '{}', deletePolicy: 'Never' }
  const about = { node: 'n1', nodeUid: 'nu', resourceVersion: '1' }
  const node = { ...about, instanceId: 'ins-1', cpu: 4, internalIp: '10.0.0.4' }
  await happen('00:00', 'watcher', 'NodeObserved', node)
  await happen('00:01', 'watcher', 'PodObserved', pod('games/web-0', 'uid-1', kept))
  await happen('00:05', 'worker', 'AllocationCompleted', {
    ...web,
    intentId: 'id-1',
    allocationId: 'id-1',
    addresses: [{ addressId: 'eip-1', publicIp: '203.0.113.1' }],
    requestId: '',
  })
  await happen('00:10', 'worker', 'AddressBound', bound('id-2', 'uid-1'))
  const ended = { claim: 'games/web-0', podUid: 'uid-1', reason: 'Deleted' } as const
  await happen('00:50', 'watcher', 'PodEnded', ended)
  const unbound = {
    ...web,
    intentId: 'id-3',
    addressId: 'eip-1',
    bindingId: 'id-2',
    node: 'n1',
    requestId: '',
  }
  await happen('01:00', 'worker', 'AddressUnbound', unbound)
  await happen('02:00', 'watcher', 'PodObserved', pod('games/web-0', 'uid-2', kept))
  await happen('02:10', 'worker', 'AddressBound', bound('id-4', 'uid-2'))
  await happen('03:00', 'watcher', 'PodObserved', pod('default/bot', 'uid-3', { attributes: 'what?' }))
  const over = { claim: 'default/bot', podUid: 'uid-3', reason: 'Succeeded' } as const
  await happen('04:00', 'watcher', 'PodEnded', over)
  /** Eleven Pods come, and a complete list lacks all of them. */
  async function missMany(): Promise<void> {
    const names = Array.from({ length: 11 }, (_, i) => `default/lost-${i}`)
    for (const name of names) {
      await happen('05:00', 'watcher', 'PodObserved', pod(name, `uid-${name}`, { attributes: '{}' }))
    }
    for (const name of names) {
      const missed = { reason: 'Missed', listVersion: '1000' } as const
      await happen('06:00', 'watcher', 'PodEnded', { claim: name, podUid: `uid-${name}`, ...missed })
    }
  }
  /** Lets the projector do its work. */
  async function project(): Promise<void> {
    const context = {
      now: '2026-01-01T01:00:00.000Z',
      nextId: () => `id-${++ids}`,
      settings: { claimExpiredMs: null, cascade: false },
    }
    await store.advance({ maxEvents: 100, maxClaims: 100 }, context)
  }
  return {
    log,
    models,
    missMany,
    project,
    /** Another Pod that asks for what cannot be, and lives. */
    refuse: (claim: string) =>
      happen('05:00', 'watcher', 'PodObserved', pod(claim, 'uid-9', { attributes: 'what?' })),
  }
}
