import type { ClaimTerms } from '../annotations/claim-terms.ts'
import type { AutoAddress, ListedAddress } from '../claim/claim.ts'

/** What an older log was brought up to; appended by `eipctl recover`. */
export interface RecoveryEvents {
  /**
   * What cloud and cluster prove of a claim, where the log has it otherwise: it went back to an older backup. From
   * here on the claim is as this says.
   */
  ClaimRecovered: {
    claim: string
    generation: number
    /** `null`: it has none. */
    address: AutoAddress | ListedAddress | null
    /** Where its EIP is bound; `null`: to nothing. */
    binding: RecoveredBinding | null
    /** The Pod of the name that lives; `null`: none does. */
    pod: { uid: string; node: string | null; privateIp: string | null } | null
    /** What its EIPClaim promises; `null` where the log knows it, or nobody does. */
    terms: ClaimTerms | null
    /** What proves that it is the claim's. */
    proof: RecoveryProof
    /** What the log had it for. */
    former: FormerClaim
    by: string
  }
  /** All claims are as cloud and cluster prove; what follows is decided anew. */
  LogRecovered: {
    /** Names the recovery. */
    recovery: string
    /** Claims that the log had otherwise. */
    claims: number
    by: string
    /** EIPs that were found and that are nobody's, bound where no Pod of ours is: they stay. Absent: none. */
    left?: string[]
  }
}

export interface RecoveredBinding {
  id: string
  podUid: string
  node: string
  instanceId: string | null
  privateIp: string
  networkInterfaceId: string
  /** ISO 8601. */
  boundAt: string
}

/**
 * `EIPClaim`, `Pod`: the object names the EIP. `Binding`: the EIP is bound to its Pod. `Allocation`: the tag names an
 * allocation for it. `Log`: the log has it so already. `Gone`: the cloud has the EIP no more, or another claim has it.
 */
export type RecoveryProof = 'EIPClaim' | 'Pod' | 'Binding' | 'Allocation' | 'Log' | 'Gone'

export interface FormerClaim {
  /** An EIP of ours that the cloud does not have any more; empty when there is none. */
  goneAddressId: string
  binding: { id: string; node: string } | null
  /** The call that it waited for, which nobody makes any more; empty when there was none. */
  intentId: string
  /** The node in whose queue it stood; empty when in none. */
  awaitedNode: string
  /** EIPs of the user's that it had or waited for. */
  listings: string[]
}
