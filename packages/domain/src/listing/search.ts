/** How a claim's search for one of the user's EIPs stands. Plain JSON. */
export interface ListSearch {
  /** EIPs in whose queues the claim stands. */
  awaited: string[]
  /** The EIPs that the outstanding look-up asks about, and whether it waits until one of them is free. */
  lookup: { addressIds: string[]; patient: boolean } | null
  /** EIPs that the last look-up found to be bound to nothing. */
  free: { addressId: string; publicIp: string }[]
  /** EIPs that somebody else had bound when they were last looked at. */
  inUse: string[]
  /** EIPs that no list should name. */
  refused: RefusedListing[]
}

export interface RefusedListing {
  addressId: string
  /** `Unknown`: the account has no such EIP. `CreatedForCluster`: it carries the tag of those made for Pods. */
  reason: 'Unknown' | 'CreatedForCluster'
}

/** Nothing was looked for yet. */
export const noSearch: ListSearch = { awaited: [], lookup: null, free: [], inUse: [], refused: [] }

/** What is wrong with EIPs of a list and how to mend it, in one sentence. */
export function refusedListingSentence(refused: RefusedListing[]): string {
  const wrong = refused.map(({ addressId, reason }) => `${addressId}, which ${defects[reason]}`)
  return `annotation eip-id-list names ${wrong.join(', and ')}; name EIPs of your own in their place.`
}

const defects = {
  Unknown: 'does not exist in this account and region',
  CreatedForCluster: 'was created for a Pod (tag tke-created-eip) and goes with its claim',
} satisfies Record<RefusedListing['reason'], string>
