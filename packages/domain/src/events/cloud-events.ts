import type { EipSource } from './decisions.ts'

/** Seen in the cloud without being asked for by an intent; appended by the worker. */
export interface CloudEvents {
  /**
   * The EIP of a claim that waits for no call of ours was found otherwise than the log has it: somebody else
   * changed it. Counts only while the claim has that EIP, and that binding.
   */
  AddressDrifted: {
    claim: string
    generation: number
    addressId: string
    publicIp: string
    source: EipSource
    /** The binding that is no more; `null` when it was bound to nothing by the log. */
    binding: { id: string; node: string; privateIp: string; podUid: string } | null
    drift: Drift
  }
  /**
   * An EIP that an allocation of this claim brought and that no claim has: its call worked after it had been given
   * up, or its release did not last. It is ours, and goes back.
   */
  OrphanFound: {
    claim: string
    generation: number
    addressId: string
    publicIp: string
    allocationId: string
    /** When it was first seen bound to nothing and in nobody's hands, ISO 8601. */
    seenSince: string
  }
  /** The EIP of a claim was seen to stand otherwise than the claim shows. */
  AddressStandingSeen: { claim: string; generation: number; addressId: string; standing: AddressStanding }
  /**
   * Where what the claim's Pod sends goes, by the route table of its subnet; told when a NAT gateway comes before
   * the EIP, and when that changes.
   */
  EgressSeen: {
    claim: string
    generation: number
    /** The binding that it is about. */
    bindingId: string
    addressId: string
    subnetId: string
    routeTableId: string
    /** Empty: no NAT gateway takes it any more. */
    natRoutes: NatRoute[]
  }
  /** Nobody looks any more where what the Pod sends goes: the operator turned it off. */
  EgressUnwatched: { claim: string; generation: number; bindingId: string }
  /** The EIPs on a node's CVM that are not ours. Counts only while the Node is that CVM. */
  NodeAddressesCounted: { node: string; instanceId: string; foreign: ForeignAddress[] }
}

/** A route of a subnet to a NAT gateway. */
export interface NatRoute {
  natGatewayId: string
  /** IPv4 block, such as `0.0.0.0/0`. */
  destination: string
}

/** An EIP that somebody else bound. */
export interface ForeignAddress {
  addressId: string
  privateIp: string | null
}

/** What Tencent Cloud holds against an EIP: traffic of one that is blocked or in arrears does not flow. */
export type AddressStanding = 'Good' | 'Blocked' | 'InArrears'

/** How the cloud shows an EIP, where the log has it bound, or at least there. */
export type Drift = { kind: 'Unbound' } | ({ kind: 'BoundElsewhere' } & BoundPlace) | { kind: 'Released' }

/** What the cloud shows an EIP bound to. */
export interface BoundPlace {
  instanceId: string | null
  networkInterfaceId: string | null
  privateIp: string | null
}
