import type {
  Address,
  Claim,
  ClusterRecord,
  Guard,
  GuardName,
  Holding,
  Intent,
  Listing,
  ModelKind,
  Models,
  Node,
  Owner,
} from '@pod-eip/domain'

/** So many claims behind one; the next page begins after the key of its last. What changes in between shows in either. */
export interface ClaimPage {
  after: string
  limit: number
}

/** Questions to the read models. Answers are as fresh as the projector: see {@link ReadModels.position}. */
export interface ReadModels {
  /** Position up to which the log is folded into the answers. */
  position(): Promise<number>
  claim(key: string): Promise<Claim | null>
  /** Every claim, in order of its key. */
  claims(
    filter?: {
      namespace?: string
      /** Leave out those that are Released. */
      open?: boolean
      /** Only those whose newest Pod has not ended, or was only missed in a list; whatever their phase. */
      live?: boolean
      /** Only those of the owner with this uid. */
      owner?: string
    },
    page?: ClaimPage,
  ): Promise<Claim[]>
  /** Claims that are not Released and whose owner has not ended, as far as is known, in order of their keys. */
  claimsOfLivingOwners(page?: ClaimPage): Promise<Claim[]>
  /** Claims that are retained until some time, the next to expire first. */
  expiringClaims(): Promise<Claim[]>
  /** Claims changed after `position`, in order of change. */
  claimsChangedAfter(position: number, limit: number): Promise<Claim[]>
  node(name: string): Promise<Node | null>
  nodes(): Promise<Node[]>
  /** How an owner ended, by its uid; `null` when that is not known. */
  owner(uid: string): Promise<Owner | null>
  nodesChangedAfter(position: number, limit: number): Promise<Node[]>
  intent(id: string): Promise<Intent | null>
  /** Intents without an outcome, the oldest first. */
  openIntents(): Promise<Intent[]>
  /** The intent of an allocation, by the allocation's id. */
  intentOfAllocation(allocationId: string): Promise<Intent | null>
  /** Whether a binding to this private address was ever decided for the claim. */
  everBoundTo(claim: string, privateIp: string): Promise<boolean>
  /** An address by EIP id or public IP; the newest of that name. */
  address(idOrIp: string): Promise<Address | null>
  addresses(): Promise<Address[]>
  /** One of the user's EIPs that a list named, by EIP id or public IP. */
  listing(idOrIp: string): Promise<Listing | null>
  listings(): Promise<Listing[]>
  /** Who held an address (EIP id or public IP), in order of time; with `at` (ISO 8601), only at that moment. */
  holdingsOfAddress(idOrIp: string, at?: string): Promise<Holding[]>
  holdingsOfClaim(key: string): Promise<Holding[]>
  /** A guard, and what it holds. */
  guard(name: GuardName): Promise<Guard>
  /** What counts for every claim of the cluster. */
  cluster(): Promise<ClusterRecord>
  /** Every record of a kind in order of its key, for hashing and export. */
  dump<K extends ModelKind>(kind: K): Promise<[string, Models[K]][]>
}
