import type { ListedTerms } from '../annotations/claim-terms.ts'
import type { Claim, ClaimPod, ListedAddress } from '../claim/claim.ts'
import { type NewDomainEvent, newEvent, splitClaimKey } from '../events/event.ts'
import { inTheWayAt, type Listing, mayTake } from './listing.ts'
import { refusedListingSentence } from './search.ts'

/** The listing of an EIP, where there is one. */
export type ListingOf = (addressId: string) => Listing | undefined

type Decision = NewDomainEvent<
  | 'LookupDecided'
  | 'ListedAddressAwaited'
  | 'ListedAddressForgone'
  | 'ListedAddressChosen'
  | 'ListedAddressGivenBack'
  | 'RequestRefused'
>

/** The EIPs of the list that the Pod may have: the entry of its number, or any. */
export function entriesOf(terms: ListedTerms): string[] {
  if (terms.number === null) return terms.ids
  return terms.ids.slice(terms.number, terms.number + 1)
}

/** Whether the EIP is one that the claim may have by its list of now. */
export function listedFits(claim: Claim, address: ListedAddress): boolean {
  return claim.terms?.source === 'listed' && entriesOf(claim.terms).includes(address.id)
}

/**
 * The next step of a claim that has no EIP towards one of its list: the first that is free by our books is looked
 * up in the cloud, the first that is free there as well is chosen. Where each is in somebody's hands the claim
 * stands in the queues of all of them.
 */
export function seekListed(
  claim: Claim,
  terms: ListedTerms,
  pod: ClaimPod,
  listingOf: ListingOf,
  nextId: () => string,
): Decision | null {
  const { free, inUse, refused } = claim.search
  const about = { claim: claim.key, generation: claim.generation, podUid: pod.uid }
  const usable = usableEntries(claim, terms)
  if (entriesOf(terms).length === 0) return beyondList(claim, terms, pod)
  if (usable.length === 0) return refuseAll(claim, pod)
  const mine = usable.filter((id) => mayTake(listingOf(id), claim.key))
  const found = free.find(({ addressId }) => mine.includes(addressId))
  if (found) return newEvent('ListedAddressChosen', { ...about, ...found, number: terms.number, refused })
  if (mine.length === 0) return awaitTaken(claim, pod, usable, listingOf)
  // One after the other while several are left to try, so that Pods that come together do not all want the first.
  const untried = mine.filter((id) => !inUse.includes(id))
  const patient = untried.length <= 1
  const addressIds = patient ? mine : untried.slice(0, 1)
  const awaited = patient ? usable : addressIds
  return newEvent('LookupDecided', { ...about, intentId: nextId(), addressIds, awaited, patient })
}

/** What is to be done about an EIP that the claim has and that is not bound: it may have to change it. */
export function reviewListed(
  claim: Claim,
  address: ListedAddress,
  pod: ClaimPod,
  nextId: () => string,
): Decision | null {
  const about = { claim: claim.key, generation: claim.generation }
  if (!listedFits(claim, address)) {
    const eip = { addressId: address.id, publicIp: address.publicIp }
    return newEvent('ListedAddressGivenBack', { ...about, ...eip, cause: 'RequestChanged' })
  }
  if (!claim.search.inUse.includes(address.id)) return null
  // Where any of the list will do, another one may be free, now or sooner than this one.
  if (claim.terms?.source === 'listed' && usableEntries(claim, claim.terms).length > 1) {
    const eip = { addressId: address.id, publicIp: address.publicIp }
    return newEvent('ListedAddressGivenBack', { ...about, ...eip, cause: 'TakenByOthers' })
  }
  const looked = { addressIds: [address.id], awaited: [], patient: true }
  return newEvent('LookupDecided', { ...about, podUid: pod.uid, intentId: nextId(), ...looked })
}

/** A claim that stands in queues of EIPs that it does not want makes room for those behind it. */
export function leaveListings(claim: Claim, wants: boolean): Decision | null {
  const { terms, address, search } = claim
  const wanted = wants && address === null && terms?.source === 'listed' ? usableEntries(claim, terms) : []
  const addressIds = search.awaited.filter((id) => !wanted.includes(id))
  if (addressIds.length === 0) return null
  return newEvent('ListedAddressForgone', { claim: claim.key, generation: claim.generation, addressIds })
}

/** Why an outstanding look-up of a Pod that still wants an EIP is called off, or `null`. */
export function lookupOverruled(claim: Claim, listingOf: ListingOf): 'RequestChanged' | 'AnotherFree' | null {
  const { terms, address, search } = claim
  if (!search.lookup) return null
  const { addressIds, patient } = search.lookup
  if (address?.source === 'listed') return listedFits(claim, address) ? null : 'RequestChanged'
  const usable = terms?.source === 'listed' ? usableEntries(claim, terms) : []
  if (addressIds.some((id) => !usable.includes(id))) return 'RequestChanged'
  const more = usable.some((id) => !addressIds.includes(id) && mayTake(listingOf(id), claim.key))
  return patient && more ? 'AnotherFree' : null
}

function usableEntries(claim: Claim, terms: ListedTerms): string[] {
  const refused = new Set(claim.search.refused.map(({ addressId }) => addressId))
  return entriesOf(terms).filter((id) => !refused.has(id))
}

function beyondList(claim: Claim, terms: ListedTerms, pod: ClaimPod): Decision | null {
  const { name } = splitClaimKey(claim.key)
  const count = terms.ids.length === 1 ? 'only 1 EIP' : `only ${terms.ids.length} EIPs`
  // As the name has it: a number can be longer than one can count.
  const number = /\d+$/.exec(name)?.[0] ?? terms.number
  const message = `annotation eip-id-list names ${count} and Pod ${name} is number ${number}, counted from 0; name more EIPs or run fewer Pods.`
  return wait(claim, pod, [], 'BeyondList', message)
}

function awaitTaken(
  claim: Claim,
  pod: ClaimPod,
  addressIds: string[],
  listingOf: ListingOf,
): Decision | null {
  const holders = addressIds.map((id) => inTheWayAt(listingOf(id), claim.key))
  const who = [...new Set(holders.filter((holder) => holder !== null))].slice(0, 3).join(', ')
  const message =
    addressIds.length === 1
      ? `EIP ${addressIds[0]} was taken by ${who} when this claim asked for it; the claim goes on when it is free, or name another EIP in annotation eip-id-list.`
      : `all ${addressIds.length} EIPs of annotation eip-id-list were taken, among others by ${who}, when this claim asked for one; the claim goes on when one is free, or name more EIPs.`
  return wait(claim, pod, addressIds, 'ListedAddressTaken', message)
}

/** Told once: a claim that stands there already says so. */
function wait(
  claim: Claim,
  pod: ClaimPod,
  addressIds: string[],
  reason: 'BeyondList' | 'ListedAddressTaken',
  message: string,
): Decision | null {
  const stands = addressIds.every((id) => claim.search.awaited.includes(id))
  if (stands && claim.problem?.reason === reason) return null
  const about = { claim: claim.key, generation: claim.generation, podUid: pod.uid }
  return newEvent('ListedAddressAwaited', { ...about, addressIds, reason, message })
}

function refuseAll(claim: Claim, pod: ClaimPod): Decision {
  const about = { claim: claim.key, generation: claim.generation, podUid: pod.uid }
  const message = refusedListingSentence(claim.search.refused)
  return newEvent('RequestRefused', { ...about, reason: 'Invalid', message })
}
