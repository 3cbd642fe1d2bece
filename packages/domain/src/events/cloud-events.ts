/** Seen in the cloud without being asked for by an intent; appended by the worker. */
export interface CloudEvents {
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
