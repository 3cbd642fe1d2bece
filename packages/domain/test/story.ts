import {
  causesIn,
  claimsOfOwners,
  type DomainEvent,
  decideWorld,
  type EventData,
  type EventType,
  emptyKeys,
  emptyWorld,
  foldEvent,
  keysOf,
  type NewDomainEvent,
  newEvent,
  type RefusedListing,
  type Settings,
  type World,
} from '../src/index.ts'
import { podObserved } from '../src/testing/pod-observed.ts'

/** Tells the rules a story of events and shows what they decide: a log, a world and a hand-driven cloud. */
export function tellStory(settings: Settings = { claimExpiredMs: null, cascade: false }) {
  const world: World = emptyWorld()
  const log: DomainEvent[] = []
  const causes = new Map<number, number>()
  let now = Date.parse('2026-01-01T00:00:00Z')
  let ids = 0
  let version = 100
  let current = settings

  const record = (event: NewDomainEvent, correlationId: string): DomainEvent => {
    const recorded = {
      ...event,
      position: log.length + 1,
      occurredAt: new Date(now).toISOString(),
      correlationId,
    } as DomainEvent
    log.push(recorded)
    return recorded
  }
  const happen = <T extends EventType>(type: T, data: EventData[T]) => {
    now += 1000
    const event = record(newEvent(type, data) as NewDomainEvent, 'podUid' in data ? String(data.podUid) : '')
    foldEvent(world, event)
    const touched = keysOf(event, emptyKeys())
    const claims = [...touched.claims, ...claimsOfOwners(world, touched.owners)]
    return decide(claims, touched.nodes, causesIn([event]))
  }
  const decide = (claims: string[], nodes: Iterable<string> = [], leading?: ReturnType<typeof causesIn>) => {
    const context = {
      now: new Date(now).toISOString(),
      nextId: () => `id-${++ids}`,
      settings: current,
    }
    const { decisions: decided } = decideWorld(
      ...([world, claims, nodes, log.length, context, undefined, leading] as const),
    )
    for (const d of decided) causes.set(record(d.event, d.correlationId).position, d.causationPosition)
    return decided.map((d) => d.event)
  }
  const claimOf = (key: string) => world.claims.get(key)!

  return {
    world,
    log,
    happen,
    /** The event that led to the last decision of a type about a claim. */
    causeOfLast: (type: EventType, claim: string) => {
      const last = log.findLast(
        (event) => event.type === type && 'claim' in event.data && event.data.claim === claim,
      )
      return log[causes.get(last!.position)! - 1]!
    },
    claimOf,
    /** A projector starts with other settings: it looks at the claims that are retained once more. */
    restart: (next: Settings) => {
      current = next
      return decide([...world.claims.values()].filter(({ retained }) => retained).map(({ key }) => key))
    },
    /** Somebody has all claims looked at once more. */
    revisit: () => decide([...world.claims.keys()]),
    /** Lets time pass, ms. */
    wait: (ms: number) => {
      now += ms
    },
    node: (node: string, cpu: number | null = 4) =>
      happen('NodeObserved', {
        node,
        nodeUid: `uid-${node}`,
        resourceVersion: String(++version),
        instanceId: `ins-${node}`,
        cpu,
        internalIp: null,
      }),
    pod: (claim: string, podUid: string, facts: Partial<EventData['PodObserved']> = {}) =>
      happen('PodObserved', podObserved({ claim, podUid, resourceVersion: String(++version), ...facts })),
    ended: (claim: string, podUid: string) => happen('PodEnded', { claim, podUid, reason: 'Deleted' }),
    /** Lets the cloud do what the claim's outstanding intent orders. */
    cloudDoes: (claim: string, cloud: { inUse?: string[]; refused?: RefusedListing[] } = {}) => {
      const { intent, generation, address, binding, search } = claimOf(claim)
      if (!intent) throw new Error(`${claim} has no intent`)
      const about = { claim, generation, intentId: intent.id }
      switch (intent.action) {
        case 'allocate':
          return happen('AllocationCompleted', {
            ...about,
            allocationId: intent.id,
            addresses: [{ addressId: `eip-${intent.id}`, publicIp: `203.0.113.${ids}` }],
            requestId: 'r',
          })
        case 'lookup': {
          if (intent.cancelled) return happen('LookupAbandoned', about)
          const { inUse = [], refused = [] } = cloud
          const asked = search.lookup!.addressIds
          const unusable = new Set([...inUse, ...refused.map((r) => r.addressId)])
          const free = asked.filter((id) => !unusable.has(id))
          if (search.lookup!.patient && free.length === 0 && asked.some((id) => inUse.includes(id))) return []
          return happen('LookupCompleted', {
            ...about,
            free: free.map((addressId) => ({ addressId, publicIp: `198.51.100.${addressId.slice(4)}` })),
            inUse: asked.filter((id) => inUse.includes(id)),
            refused: refused.filter((r) => asked.includes(r.addressId)),
          })
        }
        case 'associate':
          return happen('AddressBound', {
            ...about,
            addressId: address!.id,
            publicIp: address!.publicIp,
            podUid: binding!.podUid,
            node: binding!.node,
            privateIp: binding!.privateIp,
            networkInterfaceId: 'eni-1',
            requestId: 'r',
          })
        case 'disassociate':
          return happen('AddressUnbound', {
            ...about,
            addressId: address!.id,
            bindingId: binding!.id,
            node: binding!.node,
            requestId: 'r',
          })
        case 'release':
          return happen('AddressReleased', { ...about, addressId: address!.id, requestId: 'r' })
      }
    },
  }
}
