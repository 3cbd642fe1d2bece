import type { ClaimTerms } from '../annotations/claim-terms.ts'
import type { EipAttributes } from '../annotations/eip-attributes.ts'
import { idsNamedIn } from '../annotations/eip-id-list.ts'
import type { PodRequest } from '../annotations/pod-request.ts'
import { type Claim, type ClaimPhase, livePod } from '../claim/claim.ts'
import { type ClaimCondition, conditionsOfClaim } from './conditions.ts'
import { expiryOf } from './words.ts'

/** A claim as people see it: what is wanted, and how it stands. Plain JSON without absent fields. */
export interface EipClaimView {
  spec: EipClaimViewSpec
  status: EipClaimViewStatus
}

/** What the Pod asked for, as it was understood. */
export interface EipClaimViewSpec {
  /** `auto`: an EIP is created for the claim; `listed`: the Pod gets one of the user's. */
  source: 'auto' | 'listed'
  /** `Never`: the claim is static and outlives its Pod. Absent until the request was understood. */
  deletePolicy?: 'Never' | 'Release'
  attributes?: EipAttributes
  eipIds?: string[]
  podUID?: string
  /** Go duration; only when the Pod has its own. */
  claimExpiredDuration?: string
}

/** Times are ISO 8601. */
export interface EipClaimViewStatus {
  phase: ClaimPhase
  eipId?: string
  publicIp?: string
  /** The node of the binding that is or is being made or undone; before that the node of the Pod. */
  nodeName?: string
  /** The interface, address and Pod of that binding. */
  networkInterfaceId?: string
  privateIp?: string
  podUID?: string
  /** Counts the claim's successive EIPs. */
  generation: number
  boundAt?: string
  retainedSince?: string
  retainedUntil?: string
  conditions: ClaimCondition[]
}

/** What a claim says of itself. The same claim always says the same. */
export function describeClaim(claim: Claim): EipClaimView {
  const { address, binding, retained } = claim
  const node = binding?.node ?? livePod(claim)?.node
  return {
    spec: specOf(claim),
    status: {
      phase: claim.phase,
      ...(address && { eipId: address.id }),
      ...(address?.publicIp && { publicIp: address.publicIp }),
      ...(node && { nodeName: node }),
      ...(binding && { privateIp: binding.privateIp, podUID: binding.podUid }),
      ...(binding?.networkInterfaceId && { networkInterfaceId: binding.networkInterfaceId }),
      generation: claim.generation,
      ...(binding?.boundAt && { boundAt: binding.boundAt }),
      ...(retained && { retainedSince: retained.since }),
      ...(retained?.until && { retainedUntil: retained.until }),
      conditions: conditionsOfClaim(claim),
    },
  }
}

function specOf(claim: Claim): EipClaimViewSpec {
  const podUid = livePod(claim)?.uid
  const podUID = podUid === undefined ? {} : { podUID: podUid }
  if (claim.terms) return { ...wantedBy(claim.terms), ...podUID }
  return { ...askedBy(claim.judged?.request ?? claim.pod?.request ?? {}), ...podUID }
}

function wantedBy(terms: ClaimTerms): EipClaimViewSpec {
  const expiry = expiryOf(terms)
  return {
    source: terms.source,
    deletePolicy: terms.static ? 'Never' : 'Release',
    ...(terms.source === 'listed' ? { eipIds: terms.ids } : { attributes: terms.attributes }),
    ...(expiry !== undefined && { claimExpiredDuration: expiry }),
  }
}

/** A request that was not understood: only where it wants its EIP from. */
function askedBy(request: PodRequest): EipClaimViewSpec {
  const eipIds = idsNamedIn(request.idList ?? '')
  return eipIds.length > 0 ? { source: 'listed', eipIds } : { source: 'auto' }
}
