import type { DomainEvent } from '../events/event.ts'

/** An EIP of the user's that lists of Pods name: who has it, and who waits, first come first served. Plain JSON. */
export interface Listing {
  /** The EIP's id. */
  id: string
  /** Empty until it was looked up. */
  publicIp: string
  /** The claim that has it; `null` while it is free. */
  holder: { claim: string; generation: number; since: string } | null
  waiting: string[]
  /** Latest time of its choice, binding or unbinding: no holding begins before it. */
  changedAt: string
  /** Position of the last event that changed it. */
  position: number
}

/** The listings that an event can change. */
export function listingsOf(event: DomainEvent): string[] {
  switch (event.type) {
    case 'LookupDecided':
      return event.data.awaited
    case 'ListedAddressAwaited':
    case 'ListedAddressForgone':
      return event.data.addressIds
    case 'ClaimRecovered':
      return recoveredListings(event)
    case 'ListedAddressChosen':
    case 'ListedAddressGivenBack':
    case 'AddressBound':
    case 'AddressUnbound':
    case 'AddressDrifted':
      return [event.data.addressId]
    default:
      return []
  }
}

/** Folds one event into a listing. An EIP that no list has named has none. */
export function evolveListing(
  before: Listing | undefined,
  event: DomainEvent,
  id: string,
): Listing | undefined {
  const known = before ?? { id, publicIp: '', holder: null, waiting: [], changedAt: '', position: 0 }
  const changed = (facts: Partial<Listing>): Listing => ({ ...known, ...facts, position: event.position })
  switch (event.type) {
    case 'LookupDecided':
    case 'ListedAddressAwaited': {
      const { claim } = event.data
      return known.waiting.includes(claim) ? before : changed({ waiting: [...known.waiting, claim] })
    }
    case 'ListedAddressForgone':
      return changed({ waiting: without(known.waiting, event.data.claim) })
    case 'ListedAddressChosen': {
      const { claim, generation, publicIp } = event.data
      return changed({
        publicIp,
        holder: { claim, generation, since: event.occurredAt },
        waiting: without(known.waiting, claim),
        changedAt: later(event.occurredAt, known.changedAt),
      })
    }
    case 'ListedAddressGivenBack':
      return changed({ holder: null })
    case 'ClaimRecovered':
      return changed(recoveredFacts(known, event))
    case 'AddressBound':
    case 'AddressUnbound':
    case 'AddressDrifted':
      return before && changed({ changedAt: later(event.occurredAt, before.changedAt) })
    default:
      return before
  }
}

/** Those that the claim had or waited for by an older log, and the one that it is proved to have. */
function recoveredListings({ data }: DomainEvent<'ClaimRecovered'>): string[] {
  const { address, former } = data
  return [...new Set([...former.listings, ...(address?.source === 'listed' ? [address.id] : [])])]
}

function recoveredFacts(
  known: Listing,
  { data, occurredAt }: DomainEvent<'ClaimRecovered'>,
): Partial<Listing> {
  const { claim, generation, address } = data
  const waiting = without(known.waiting, claim)
  const changedAt = later(occurredAt, known.changedAt)
  if (address?.source === 'listed' && address.id === known.id) {
    const holder = { claim, generation, since: occurredAt }
    return { publicIp: address.publicIp, holder, waiting, changedAt }
  }
  return { waiting, changedAt, holder: known.holder?.claim === claim ? null : known.holder }
}

/** Whether the claim may have the EIP now: nobody has it, and nobody waited for it longer. */
export function mayTake(listing: Listing | undefined, claim: string): boolean {
  if (!listing) return true
  return listing.holder === null && (listing.waiting[0] ?? claim) === claim
}

/** Who is in the claim's way at an EIP, or `null`. */
export function inTheWayAt(listing: Listing | undefined, claim: string): string | null {
  const first = listing?.holder?.claim ?? listing?.waiting[0]
  return first === undefined || first === claim ? null : first
}

function without(list: string[], item: string): string[] {
  return list.filter((other) => other !== item)
}

/** ISO 8601 times in UTC order as text. */
function later(a: string, b: string): string {
  return a > b ? a : b
}
