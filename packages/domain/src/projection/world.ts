import { type Claim, emptyClaim } from '../claim/claim.ts'
import { evolveClaim } from '../claim/evolve-claim.ts'
import { type ClusterRecord, clusterKey, emptyCluster, evolveCluster } from '../cluster/cluster-record.ts'
import type { DomainEvent } from '../events/event.ts'
import { type ClaimChange, evolveGuard } from '../guard/evolve-guard.ts'
import { emptyGuard, type Guard, type GuardName, guardNames } from '../guard/guard.ts'
import { evolveListing, type Listing, listingsOf } from '../listing/listing.ts'
import { evolveNode } from '../node/evolve-node.ts'
import { emptyNode, type Node } from '../node/node.ts'
import { evolveOwner, type Owner } from '../owner/owner.ts'
import { evolveIntent, orderedIntent } from './evolve-intent.ts'
import type { Intent } from './intent.ts'
import { type Address, evolveAddress, evolveHolding, type Holding } from './records.ts'

/** The read models, by kind; each record is plain JSON under its key. */
export interface Models {
  claims: Claim
  nodes: Node
  /** Those that have ended. */
  owners: Owner
  addresses: Address
  /** The user's EIPs that lists name. */
  listings: Listing
  intents: Intent
  holdings: Holding
  guards: Guard
  /** One record: what counts for all claims. */
  cluster: ClusterRecord
}
export type ModelKind = keyof Models
export const modelKinds: readonly ModelKind[] = [
  'claims',
  'nodes',
  'owners',
  'addresses',
  'listings',
  'intents',
  'holdings',
  'guards',
  'cluster',
]

/** The part of the read models that a batch of events touches. A missing record is one that does not exist. */
export type World = { [K in ModelKind]: Map<string, Models[K]> }

/** Which records are meant. */
export type Keys = { [K in ModelKind]: Set<string> }

export function emptyWorld(): World {
  return {
    claims: new Map(),
    nodes: new Map(),
    owners: new Map(),
    addresses: new Map(),
    listings: new Map(),
    intents: new Map(),
    holdings: new Map(),
    guards: new Map(),
    cluster: new Map(),
  }
}

export function emptyKeys(): Keys {
  return {
    claims: new Set(),
    nodes: new Set(),
    owners: new Set(),
    addresses: new Set(),
    listings: new Set(),
    intents: new Set(),
    holdings: new Set(),
    guards: new Set(),
    cluster: new Set(),
  }
}

/** The records that an event can change. */
export function keysOf(event: DomainEvent, keys: Keys = emptyKeys()): Keys {
  const { data } = event
  if ('claim' in data) {
    keys.claims.add(data.claim)
    for (const name of guardNames) keys.guards.add(name)
  } else if ('guard' in data) keys.guards.add(data.guard)
  if ('cluster' in data) keys.cluster.add(clusterKey)
  if ('node' in data && data.node !== null) keys.nodes.add(data.node)
  if (event.type === 'OwnerEnded') keys.owners.add(event.data.owner.uid)
  if ('intentId' in data) keys.intents.add(data.intentId)
  if (event.type === 'AddressBound') keys.holdings.add(event.data.intentId)
  if (event.type === 'AddressUnbound') keys.holdings.add(event.data.bindingId)
  if (event.type === 'AddressDrifted' && event.data.binding) {
    keys.nodes.add(event.data.binding.node)
    keys.holdings.add(event.data.binding.id)
  }
  if (event.type === 'AllocationCompleted') {
    for (const { addressId } of event.data.addresses) keys.addresses.add(addressId)
  }
  if (
    event.type === 'AddressBound' ||
    event.type === 'BindingFailed' ||
    event.type === 'AddressUnbound' ||
    event.type === 'AddressReleased' ||
    event.type === 'AddressDrifted' ||
    event.type === 'OrphanFound'
  ) {
    keys.addresses.add(event.data.addressId)
  }
  if (event.type === 'ClaimRecovered') recoveredKeys(event, keys)
  for (const id of listingsOf(event)) keys.listings.add(id)
  return keys
}

function recoveredKeys({ data }: DomainEvent<'ClaimRecovered'>, keys: Keys): void {
  const { address, binding, former } = data
  for (const id of [address?.source === 'auto' ? address.id : '', former.goneAddressId]) {
    if (id !== '') keys.addresses.add(id)
  }
  for (const node of [binding?.node, former.binding?.node, former.awaitedNode]) if (node) keys.nodes.add(node)
  for (const id of [binding?.id, former.binding?.id]) if (id) keys.holdings.add(id)
  if (former.intentId !== '') keys.intents.add(former.intentId)
}

/** The EIP whose holding an event begins or ends; empty when it is about none. */
function heldBy({ data }: DomainEvent): string {
  if ('addressId' in data) return data.addressId
  return 'former' in data ? (data.address?.id ?? '') : ''
}

/** Folds one event into the world, in place; the records themselves are never changed, only replaced. */
export function foldEvent(world: World, event: DomainEvent): void {
  const keys = keysOf(event)
  let change: ClaimChange | null = null
  for (const key of keys.claims) {
    const before = world.claims.get(key) ?? emptyClaim(key)
    const after = evolveClaim(before, event)
    if (after !== before) world.claims.set(key, after)
    change = { before, after }
  }
  for (const key of keys.guards) {
    const before = world.guards.get(key) ?? emptyGuard(key as GuardName)
    const after = evolveGuard(before, event, change)
    if (after !== before) world.guards.set(key, after)
  }
  for (const key of keys.cluster) {
    const before = world.cluster.get(key) ?? emptyCluster
    const after = evolveCluster(before, event)
    if (after !== before) world.cluster.set(key, after)
  }
  for (const key of keys.nodes) {
    const before = world.nodes.get(key) ?? emptyNode(key)
    const after = evolveNode(before, event)
    if (after !== before) world.nodes.set(key, after)
  }
  for (const key of keys.owners) set(world.owners, key, evolveOwner(world.owners.get(key), event))
  for (const key of keys.intents) {
    const before = world.intents.get(key)
    const after = before ? evolveIntent(before, event) : orderedIntent(event)
    if (after && after !== before) world.intents.set(key, after)
  }
  for (const key of keys.holdings) {
    const id = heldBy(event)
    const address = world.addresses.get(id) ?? world.listings.get(id)
    set(world.holdings, key, evolveHolding(world.holdings.get(key), event, address, key))
  }
  for (const key of keys.listings) {
    set(world.listings, key, evolveListing(world.listings.get(key), event, key))
  }
  for (const key of keys.addresses) {
    set(world.addresses, key, evolveAddress(world.addresses.get(key), event, key))
  }
}

function set<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value !== undefined) map.set(key, value)
}
