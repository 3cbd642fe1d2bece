import { idsNamedIn } from '../annotations/eip-id-list.ts'
import { type Claim, livePod } from '../claim/claim.ts'
import { decideClaim } from '../claim/decide-claim.ts'
import type { Decision, DecisionContext, Surroundings } from '../claim/decision.ts'
import { clusterKey, emptyCluster } from '../cluster/cluster-record.ts'
import { type DomainEvent, type NewDomainEvent, streamOf } from '../events/event.ts'
import { coveredByWord, guarded, hearWord } from '../guard/decide-guard.ts'
import { emptyGuard, type GuardName, guardNames } from '../guard/guard.ts'
import { claimsConcerned, emptyNode } from '../node/node.ts'
import { type AllocationPace, nextAllocationAt, noPace } from './allocation-pace.ts'
import { type Causes, causePosition, noteCause } from './causes.ts'
import { joinAllocations, type WaitingAllocation } from './join-allocations.ts'
import { emptyKeys, foldEvent, type Keys, type World } from './world.ts'

/** A decision with what the log keeps about its origin. */
export interface RecordedDecision {
  event: NewDomainEvent
  stream: string
  position: number
  correlationId: string
  causationPosition: number
}

/** The claims of this world that belong to these owners. */
export function claimsOfOwners(world: World, owners: ReadonlySet<string>): string[] {
  if (owners.size === 0) return []
  return [...world.claims.values()]
    .filter(({ owner }) => owner && owners.has(owner.uid))
    .map(({ key }) => key)
}

/** Whether an event is a word about all claims, each of which is to be decided about anew. */
export function wakesAll({ type }: NewDomainEvent): boolean {
  return type === 'TeardownOrdered' || type === 'TeardownCancelled' || type === 'LogRecovered'
}

/** Whether there may be something to decide about the claim when a word about all of them comes. */
export function isAwake(claim: Claim): boolean {
  return claim.phase !== 'Released' || claim.surplus.length > 0 || livePod(claim) !== null
}

/**
 * The records needed to decide about these claims, beyond those in `world`: their outstanding intents, their
 * nodes and the EIPs of their lists, and the claims that wait for either. Ask again after loading until nothing is added.
 */
export function keysToDecide(world: World, claims: Iterable<string>, nodes: Iterable<string>): Keys {
  const keys = emptyKeys()
  for (const name of guardNames) keys.guards.add(name)
  keys.cluster.add(clusterKey)
  const seenNodes = new Set(nodes)
  for (const key of [...claims, ...heldAndAnswered(world)]) {
    keys.claims.add(key)
    const claim = world.claims.get(key)
    if (!claim) continue
    // Also of one that has ended: its end may be taken back while it is decided.
    const node = claim.pod?.node
    if (node) seenNodes.add(node)
    if (claim.awaitingSlotOn) seenNodes.add(claim.awaitingSlotOn)
    if (claim.owner) keys.owners.add(claim.owner.uid)
    // A cancellation is folded into the intent that it names.
    if (claim.intent) keys.intents.add(claim.intent.id)
    for (const id of listingsAbout(claim)) keys.listings.add(id)
  }
  for (const id of keys.listings) {
    for (const key of world.listings.get(id)?.waiting ?? []) keys.claims.add(key)
  }
  for (const name of seenNodes) {
    keys.nodes.add(name)
    const node = world.nodes.get(name)
    if (node) for (const claim of claimsConcerned(node)) keys.claims.add(claim)
  }
  return keys
}

/** Claims that a guard holds and about which an operator has said a word. */
export function heldAndAnswered(world: World): string[] {
  return [...world.guards.values()].flatMap(coveredByWord)
}

export interface Decided {
  decisions: RecordedDecision[]
  /** Claims whose allocation waits for company: to be decided about again, at the latest when the pace allows. */
  held: string[]
}

/**
 * Decides about the given claims and nodes until nothing more is to be decided, folding each decision
 * into the world as the event it becomes. Allocations come last, those of like claims together.
 * @param claims in the order in which they are served
 * @param nodes whose waiting claims are to be looked at as well
 * @param head position of the last event folded: decisions follow it without a gap
 * @param pace of the allocations before
 * @param causes what the events just folded may have set going; the decisions themselves are added to it
 */
export function decideWorld(
  world: World,
  claims: Iterable<string>,
  nodes: Iterable<string>,
  head: number,
  context: DecisionContext,
  pace: AllocationPace = noPace,
  causes: Causes = new Map(),
): Decided {
  const decisions: RecordedDecision[] = []
  const record = (key: string, next: Decision) => {
    const position = head + decisions.length + 1
    const claim = world.claims.get(key)!
    const correlationId = claim.pod?.correlationId ?? key
    const { teardown } = world.cluster.get(clusterKey) ?? emptyCluster
    const causationPosition = Math.max(causePosition(next, claim, causes), teardown?.position ?? 0)
    noteCause(causes, { ...next, position })
    foldEvent(world, { ...next, position, occurredAt: context.now, correlationId } as DomainEvent)
    decisions.push({ event: next, stream: streamOf(next), position, correlationId, causationPosition })
  }
  const queue = new Set<string>([...claims, ...heldAndAnswered(world)])
  const wake = (name: string) => {
    const node = world.nodes.get(name)
    if (node) for (const claim of claimsConcerned(node)) queue.add(claim)
  }
  const allocating = new Map<string, WaitingAllocation>()
  for (const name of nodes) wake(name)
  for (const key of queue) {
    queue.delete(key)
    for (let next = decisionFor(world, key, context); next; next = decisionFor(world, key, context)) {
      if (next.type === 'AllocationDecided') {
        allocating.set(key, { decision: next, atMost: world.claims.get(key)!.allocateAtMost })
        break
      }
      record(key, next)
      if (next.type === 'SlotForgone') wake(next.data.node)
      for (const id of freedBy(next)) for (const waits of waitingFor(world, id)) queue.add(waits)
    }
  }
  const hold = Date.parse(context.now) < nextAllocationAt(pace)
  const { decided, held } = joinAllocations([...allocating.values()], hold)
  for (const next of decided) record(next.data.claim, next)
  return { decisions, held }
}

function decisionFor(world: World, key: string, context: DecisionContext): Decision | null {
  const claim = world.claims.get(key)
  if (!claim) return null
  const guards = (name: GuardName) => world.guards.get(name) ?? emptyGuard(name)
  const heard = hearWord(claim, guards)
  if (heard) return heard
  const name = livePod(claim)?.node
  const { teardown } = world.cluster.get(clusterKey) ?? emptyCluster
  const around: Surroundings = {
    teardown,
    node: name ? nodeOf(world, name) : null,
    owner: claim.owner ? (world.owners.get(claim.owner.uid) ?? null) : null,
    listingOf: (id) => world.listings.get(id),
  }
  const next = decideClaim(claim, around, context)
  // Whoever ordered that all goes has said the word that a guard would wait for.
  return next && (teardown ? next : guarded(next, claim, guards, context))
}

/** The user's EIPs that have a say in what is decided about the claim. */
function listingsAbout({ pod, terms, address, search }: Claim): string[] {
  const asked = pod?.request?.idList
  return [
    ...(asked === undefined ? [] : idsNamedIn(asked)),
    ...(terms?.source === 'listed' ? terms.ids : []),
    ...(address?.source === 'listed' ? [address.id] : []),
    ...search.awaited,
  ]
}

/** EIPs that a decision makes room at. */
function freedBy({ type, data }: Decision): string[] {
  switch (type) {
    case 'ListedAddressForgone':
      return data.addressIds
    case 'ListedAddressGivenBack':
      return [data.addressId]
    default:
      return []
  }
}

function waitingFor(world: World, addressId: string): string[] {
  return world.listings.get(addressId)?.waiting ?? []
}

/** A node that the log has not seen yet has no known limit. */
function nodeOf(world: World, name: string) {
  return world.nodes.get(name) ?? emptyNode(name)
}
