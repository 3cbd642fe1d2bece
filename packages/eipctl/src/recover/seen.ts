import type { CloudAddress } from '@pod-eip/cloud'
import type { Claim, ClaimTerms, Intent, Node } from '@pod-eip/domain'

/** All that proves how claims are: cloud, cluster and an older log. */
export interface Seen {
  /** EIPs by their ids: all that carry the tag of this cluster, and those that EIPClaims and the log name. */
  shown: ReadonlyMap<string, CloudAddress>
  /** Those of them that were created for this cluster's claims, with the allocation of each. */
  ours: ReadonlyMap<string, string>
  objects: ReadonlyMap<string, SeenObject>
  /** Pods that live, by the claim of their name. */
  pods: ReadonlyMap<string, SeenPod>
  claims: ReadonlyMap<string, Claim>
  nodes: readonly Node[]
  /** Allocations that the log knows, by id. */
  allocations: ReadonlyMap<string, Intent>
}

/** An EIPClaim that pod-eip made. */
export interface SeenObject {
  claim: string
  generation: number
  eipId: string
  publicIp: string
  podUid: string
  privateIp: string
  node: string
  boundAt: string
  terms: ClaimTerms | null
}

export interface SeenPod {
  claim: string
  uid: string
  node: string | null
  privateIp: string | null
  /** It asks for an EIP. */
  asks: boolean
  /** As pod-eip has written it there; empty when it has not. */
  eipId: string
  hostNetwork: boolean
}
