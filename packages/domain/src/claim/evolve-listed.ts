import type { DomainEvent } from '../events/event.ts'
import { noSearch } from '../listing/search.ts'
import type { Claim } from './claim.ts'

/** Folds what a look-up saw: nothing is chosen by it yet. */
export function lookedUp(claim: Claim, event: DomainEvent<'LookupCompleted'>): Claim {
  const { free, inUse, refused } = event.data
  const isFree = new Set(free.map(({ addressId }) => addressId))
  const stillInUse = [...new Set([...claim.search.inUse, ...inUse])].filter((id) => !isFree.has(id))
  const search = {
    ...claim.search,
    lookup: null,
    free,
    inUse: stillInUse,
    refused: [...claim.search.refused, ...refused],
  }
  const { address } = claim
  if (!address) return { ...claim, phase: 'Pending', search }
  const gone = refused.some(({ addressId }) => addressId === address.id)
  return { ...claim, phase: 'Allocated', search, ...(gone && { reclaim: 'AddressGone' }) }
}

/** The look-up came to nothing; what is known of the EIPs stays known. */
export function lookupEnded(claim: Claim): Claim {
  const phase = claim.address ? 'Allocated' : 'Pending'
  return { ...claim, phase, search: { ...claim.search, lookup: null } }
}

/** The claim stands in one queue more, or in several. */
export function awaiting(claim: Claim, addressIds: string[]): Claim {
  const { search } = claim
  return { ...claim, search: { ...search, awaited: [...new Set([...search.awaited, ...addressIds])] } }
}

/** The claim left queues. Being behind somebody there is no reason any more. */
export function forgone(claim: Claim, { data }: DomainEvent<'ListedAddressForgone'>): Claim {
  const { search, problem } = claim
  const awaited = search.awaited.filter((id) => !data.addressIds.includes(id))
  const moot = problem?.reason === 'ListedAddressTaken'
  return { ...claim, search: { ...search, awaited }, problem: moot ? null : problem }
}

/** The EIP is the claim's, and the search is over. */
export function chosen(claim: Claim, { data }: DomainEvent<'ListedAddressChosen'>): Claim {
  const awaited = claim.search.awaited.filter((id) => id !== data.addressId)
  return {
    ...claim,
    phase: 'Allocated',
    problem: null,
    address: { source: 'listed', id: data.addressId, publicIp: data.publicIp },
    search: { ...noSearch, awaited },
  }
}
