/** Seen in the cloud without being asked for by an intent; appended by the worker. */
export interface CloudEvents {
  /** The EIP of a claim was seen to stand otherwise than the claim shows. */
  AddressStandingSeen: { claim: string; generation: number; addressId: string; standing: AddressStanding }
  /** The EIPs on a node's CVM that are not ours. Counts only while the Node is that CVM. */
  NodeAddressesCounted: { node: string; instanceId: string; foreign: ForeignAddress[] }
}

/** An EIP that somebody else bound. */
export interface ForeignAddress {
  addressId: string
  privateIp: string | null
}

/** What Tencent Cloud holds against an EIP: traffic of one that is blocked or in arrears does not flow. */
export type AddressStanding = 'Good' | 'Blocked' | 'InArrears'
