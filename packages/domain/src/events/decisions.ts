import type { ClaimTerms } from '../annotations/claim-terms.ts'
import type { EipAttributes } from '../annotations/eip-attributes.ts'
import type { RefusedListing } from '../listing/search.ts'
import type { GuardDecisions } from './guard-events.ts'

/** Why an EIP is given back. */
export type ReclaimCause =
  | 'RequestChanged'
  | 'RequestWithdrawn'
  | 'PodEnded'
  | 'ManualReclaim'
  | 'Expired'
  | 'OwnerEnded'
  | 'Teardown'
  | 'AddressGone'
  | 'TakenByOthers'
  | 'Surplus'

/** Decided by the rules; appended by the projector. Those with an `intentId` order a cloud call. */
export interface Decisions extends GuardDecisions {
  /** A new generation of the claim begins. */
  ClaimOpened: { claim: string; generation: number; podUid: string }
  RequestAccepted: {
    claim: string
    generation: number
    podUid: string
    terms: ClaimTerms
    /** Understood, but surely not as it was meant. */
    warnings?: Warning[]
  }
  /** The user is told of what is surely not as it was meant, once for as long as it is so. */
  RequestWarned: { claim: string; generation: number; podUid: string } & Warning
  /** What the user was warned of has been put right. */
  WarningCleared: { claim: string; generation: number; podUid: string; reason: WarningReason }
  /** The Pod's request cannot be served as it is written; nothing is asked of the cloud for it. */
  RequestRefused: {
    claim: string
    generation: number
    podUid: string
    reason: RefusalReason
    message: string
  }
  /** Claims of like attributes that are decided about together share one allocation, and its intent. */
  AllocationDecided: {
    claim: string
    generation: number
    intentId: string
    /** Sent as ClientToken and tag: the way to find what the call brought. */
    allocationId: string
    podUid: string
    attributes: EipAttributes
  }
  /**
   * EIPs of the Pod's list are to be looked at in the cloud, which changes nothing there: the one that the claim
   * has, or those that it may have by our books.
   */
  LookupDecided: {
    claim: string
    generation: number
    intentId: string
    podUid: string
    addressIds: string[]
    /** EIPs in whose queues the claim stands meanwhile. */
    awaited: string[]
    /** Whether it goes on until one of them is free; else others of the list are tried instead. */
    patient: boolean
  }
  /** The claim stands in the queues of these EIPs; of none when its Pod's number is beyond its list. */
  ListedAddressAwaited: {
    claim: string
    generation: number
    podUid: string
    addressIds: string[]
    reason: ListedReason
    /** Why it waits, in one sentence. */
    message: string
  }
  /** The claim no longer wants these EIPs. */
  ListedAddressForgone: { claim: string; generation: number; addressIds: string[] }
  /** The claim has the EIP from here on, and no other claim. */
  ListedAddressChosen: {
    claim: string
    generation: number
    podUid: string
    addressId: string
    publicIp: string
    /** The number in the Pod's name that chose the entry of the list; `null`: the first that was free. */
    number: number | null
    /** EIPs of the list that were passed over because no list should name them. */
    refused: RefusedListing[]
  }
  /** The node's slot is taken from here on. */
  BindingDecided: {
    claim: string
    generation: number
    intentId: string
    addressId: string
    publicIp: string
    source: EipSource
    podUid: string
    node: string
    instanceId: string | null
    privateIp: string
    /** The EIP was created for the claim and never bound before: what shows it bound is of this call. */
    firstBinding?: true
  }
  /** The claim stands in the node's queue for a slot. */
  SlotAwaited: {
    claim: string
    generation: number
    podUid: string
    node: string
    reason: SlotReason
    /** What is known of the slots; `null` while the node's limit is not. */
    slots: {
      /** EIPs that the CVM may have beside its own public address. */
      limit: number
      /** Claims that have one of them. */
      heldBy: SlotHolders
      /** Those of them that somebody else bound. */
      foreign: string[]
      /** The cloud refused to let more EIPs onto the CVM than there are. */
      refused: boolean
    } | null
    /** Until now the claim has said something else than who has the slots. */
    news: boolean
  }
  /** The claim no longer wants a slot on that node. */
  SlotForgone: { claim: string; generation: number; node: string }
  UnbindingDecided: {
    claim: string
    generation: number
    intentId: string
    /** The intent that bound it. */
    bindingId: string
    addressId: string
    publicIp: string
    source: EipSource
    podUid: string
    node: string
    privateIp: string
    networkInterfaceId: string
    boundAt: string
    cause: 'PodEnded' | 'PodReplaced' | 'PodAddressChanged' | 'Teardown'
  }
  /** An outstanding cloud call is no longer wanted; its outcome says what became of it. */
  CancellationDecided: {
    claim: string
    generation: number
    intentId: string
    cause: 'PodEnded' | 'PodReplaced' | 'PodAddressChanged' | 'RequestChanged' | 'AnotherFree' | 'Teardown'
  }
  ClaimRetained: {
    claim: string
    generation: number
    addressId: string
    publicIp: string
    source: EipSource
    until: string | null
  }
  /** The operator's setting changed: the claim is retained for longer, shorter, or for ever (`null`). */
  RetentionRescheduled: { claim: string; generation: number; until: string | null }
  /** A Pod of the same name takes the retained EIP back. */
  ClaimResumed: { claim: string; generation: number; addressId: string; publicIp: string; podUid: string }
  ReleaseDecided: {
    claim: string
    generation: number
    intentId: string
    addressId: string
    publicIp: string
    /** The allocation that brought it: what no allocation of ours brought is not ours to release. */
    allocationId: string
    /** Private address that it was last bound to, or asked to be; empty when never. */
    lastPrivateIp: string
    /** Its network interface; empty when that is not known. Private addresses repeat between VPCs. */
    lastNetworkInterfaceId: string
    cause: ReclaimCause
  }
  /** The claim lets go of the user's EIP: unbound it stays the user's, and another claim may take it. */
  ListedAddressGivenBack: {
    claim: string
    generation: number
    addressId: string
    publicIp: string
    cause: ReclaimCause
  }
  ClaimClosed: { claim: string; generation: number; cause: ReclaimCause; objectUid: string | null }
  /** An EIPClaim was deleted, and that is no reason to give its EIP back: the claim stays, its object comes back. */
  ReclaimDeclined: { claim: string; generation: number; objectUid: string; reason: DeclineReason }
}

/** Where an EIP comes from: created for the claim, or one of the user's own. */
export type EipSource = ClaimTerms['source']
/** Why a claim waits for an EIP of its list. */
export type ListedReason = 'ListedAddressTaken' | 'BeyondList'
/** Claims that have a node's EIP slots. */
export interface SlotHolders {
  /** The first of them. */
  named: string[]
  /** How many they are. */
  total: number
}
export interface Warning {
  reason: WarningReason
  /** What, where and what to do, in one sentence. */
  message: string
}
export type WarningReason =
  | 'MisspeltDeletePolicy'
  | 'UnknownAttribute'
  | 'ReservedTag'
  | 'ChangeWithoutEffect'
export type RefusalReason = 'Invalid' | 'HostNetwork' | 'ClusterTornDown'
/** `PodAlive`: its Pod lives. `Collected`: Kubernetes deleted it together with a workload that its EIP does not go with. */
export type DeclineReason = 'PodAlive' | 'Collected'
export type SlotReason = 'NodeQuotaExhausted' | 'NodeUnknown'
