import type { Teardown } from '../cluster/cluster-record.ts'
import type { DecisionType, NewDomainEvent } from '../events/event.ts'
import type { Listing } from '../listing/listing.ts'
import type { Node } from '../node/node.ts'
import type { Owner } from '../owner/owner.ts'
import type { Claim, ClaimAddress } from './claim.ts'
import type { Settings } from './settings.ts'

export type Decision = NewDomainEvent<DecisionType>

/** What a decision needs besides the state. */
export interface DecisionContext {
  /** ISO 8601. */
  now: string
  /** A new identifier for each intent. */
  nextId(): string
  settings: Settings
}

/** What is around a claim. */
export interface Surroundings {
  /** The node of its live Pod, when it has one. */
  node: Node | null
  /** The end of its owner, when the log knows of one. */
  owner: Owner | null
  /** The order to give everything back, when there is one. */
  teardown: Teardown | null
  /** The listing of an EIP of the user's, when there is one. */
  listingOf(addressId: string): Listing | undefined
}

/** Whose decision it is, as every one says. */
export function generationOf(claim: Claim) {
  return { claim: claim.key, generation: claim.generation }
}

export function addressOf(address: ClaimAddress) {
  return { addressId: address.id, publicIp: address.publicIp }
}
