import type { ClaimTerms } from '../annotations/claim-terms.ts'
import type { PodRequest } from '../annotations/pod-request.ts'
import type { AddressStanding, BoundPlace, NatRoute } from '../events/cloud-events.ts'
import type { ReclaimCause, RefusalReason, SlotHolders, Warning } from '../events/decisions.ts'
import type { ObjectRef } from '../events/object-ref.ts'
import type { IntentAction } from '../events/outcomes.ts'
import type { Hold } from '../guard/guard.ts'
import { type ListSearch, noSearch } from '../listing/search.ts'

export const claimPhases = [
  'Pending',
  'Allocating',
  'Allocated',
  'Binding',
  'Bound',
  'Unbinding',
  'Retained',
  'Releasing',
  'Released',
] as const
export type ClaimPhase = (typeof claimPhases)[number]

/** The right of one Pod name to an EIP: everything the rules know about it. Plain JSON. */
export interface Claim {
  /** `namespace/name`. */
  key: string
  phase: ClaimPhase
  /** Counts the claim's successive EIPs; 0 before the first. */
  generation: number
  /** The newest Pod of the name. */
  pod: ClaimPod | null
  /** The workload that the newest Pod belongs to, or belonged to; `null` for a Pod on its own. */
  owner: ObjectRef | null
  /** Terms of the open generation; `null` until understood. */
  terms: ClaimTerms | null
  /** The Pod and words that were last judged, and how. */
  judged: {
    podUid: string
    request: PodRequest
    accepted: boolean
    refusal: Refusal | null
    /** What of an accepted request is surely not as it was meant. */
    warnings: Warning[]
  } | null
  /** What its Pod was warned of and has not been put right. */
  warned: { podUid: string; warnings: Warning[] } | null
  /** Why it waits or was refused. */
  problem: Problem | null
  address: ClaimAddress | null
  /** The search for an EIP of the Pod's list. */
  search: ListSearch
  /** What the cloud was last seen to hold against its EIP. */
  standing: AddressStanding
  /** What somebody has bound its EIP to while the claim itself had it bound to nothing; `null` = to nothing. */
  takenTo: BoundPlace | null
  /** Where what the Pod sends goes, once a NAT gateway came before the EIP of this binding; `null` = never seen. */
  egress: ClaimEgress | null
  /** EIPs that its allocation brought beyond what was asked for; to be released. */
  surplus: AutoAddress[]
  /** How many its next allocation may be for, after one that was split; `null` = as many as there are. */
  allocateAtMost: number | null
  binding: Binding | null
  /** Private address of the last binding of this generation; empty when there was none. */
  lastPrivateIp: string
  /** Network interface of that binding; empty while it is not known. */
  lastNetworkInterfaceId: string
  /** The outstanding cloud call. */
  intent: { id: string; action: IntentAction; cancelled: boolean } | null
  /** Kept without a Pod; `due` once its time is over. */
  retained: { since: string; until: string | null; due: boolean } | null
  /** The node in whose queue it stands. */
  awaitingSlotOn: string | null
  /** Who has the slots there, as it was told last. */
  slotHolders: SlotHolders | null
  /** EIPClaim object whose deletion waits for an answer. */
  deletion: {
    objectUid: string
    requestedAt: string
    namespaceTerminating: boolean
    collectedWith: string | null
    /** Uid of a Pod that lives by the log and had gone, or was going, when the deletion was recorded. */
    goingPod: string | null
  } | null
  /** EIPClaim object whose deletion was last answered: it may go. */
  answeredDeletion: string | null
  /**
   * Uid of an owner that the EIPClaim does not name any more: Kubernetes deleted an object that did together with
   * it, and would do so again and again.
   */
  unnamedOwner: string | null
  /** Why it is being given back, once that is decided. */
  reclaim: ReclaimCause | null
  /** A guard's word on giving its EIP back. */
  hold: Hold | null
  conditions: Record<ClaimConditionType, { status: boolean; since: string }>
  openedAt: string
  phaseSince: string
  /** Position of the last event that changed it. */
  position: number
}

/** Why a request is not served as it is written. */
export interface Refusal {
  reason: RefusalReason
  /** What and what to do, in one sentence. */
  message: string
}

/** The EIP that a claim has. */
export type ClaimAddress = AutoAddress | ListedAddress

/** Created for the claim, and the only kind that is ever released: its allocation says that it is ours. */
export interface AutoAddress {
  source: 'auto'
  id: string
  publicIp: string
  allocationId: string
}

/** One of the user's own, which the claim only binds and unbinds. */
export interface ListedAddress {
  source: 'listed'
  id: string
  publicIp: string
}

/** What the cloud's routes do to what the Pod sends. */
export interface ClaimEgress {
  subnetId: string
  routeTableId: string
  /** Empty: no NAT gateway takes it any more. */
  natRoutes: NatRoute[]
  /** When a NAT gateway began, or ceased, to take it, ISO 8601. */
  since: string
}

export type ClaimConditionType = 'Accepted' | 'Allocated' | 'Bound'

export interface ClaimPod {
  uid: string
  resourceVersion: string
  request: PodRequest | null
  hostNetwork: boolean
  node: string | null
  privateIp: string | null
  /** What made it; `null` for a Pod on its own. */
  controller: ObjectRef | null
  terminating: boolean
  /** When its grace period is over, ISO 8601; absent until its deletion was asked for. */
  endsBy?: string
  /** With the list's resourceVersion where a list lacked it. */
  ended: { reason: string; at: string; listVersion?: string } | null
  correlationId: string
}

export interface Binding {
  /** The intent that binds it. */
  id: string
  podUid: string
  node: string
  privateIp: string
  /** Empty until bound. */
  networkInterfaceId: string
  /** The Pod has that interface for itself. */
  ownInterface?: true
  /** Empty until bound. */
  boundAt: string
}

/** Why a claim does not go on. `message` is one sentence: what and what to do. */
export interface Problem {
  reason: string
  message: string
  code: string
  requestId: string
  since: string
  /** When it was to be tried next; empty when nothing but a change helps. */
  retryAt: string
  /** It is tried at least so often, in ms. */
  retryEveryMs: number
  /** Calls that it stopped until `toldAt`. */
  tries: number
  /** When it was last told; tries may have gone on since. */
  toldAt: string
  /** What stands in the way of a call that is under way, while a refusal of the request is told. */
  obstacle?: Problem
}

/** A claim of which nothing is known yet. */
export function emptyClaim(key: string): Claim {
  const never = { status: false, since: '' }
  return {
    key,
    phase: 'Released',
    generation: 0,
    pod: null,
    owner: null,
    terms: null,
    judged: null,
    warned: null,
    problem: null,
    address: null,
    search: noSearch,
    standing: 'Good',
    takenTo: null,
    egress: null,
    surplus: [],
    allocateAtMost: null,
    binding: null,
    lastPrivateIp: '',
    lastNetworkInterfaceId: '',
    intent: null,
    retained: null,
    awaitingSlotOn: null,
    slotHolders: null,
    deletion: null,
    answeredDeletion: null,
    unnamedOwner: null,
    reclaim: null,
    hold: null,
    conditions: { Accepted: never, Allocated: never, Bound: never },
    openedAt: '',
    phaseSince: '',
    position: 0,
  }
}

/** The newest Pod of the claim's name, if it lives. */
export function livePod(claim: Claim): ClaimPod | null {
  return claim.pod && !claim.pod.ended ? claim.pod : null
}

/**
 * The Pod that the open generation serves, if it lives. An EIP that is not kept goes with its Pod: a new Pod of
 * the same name gets a generation of its own, once the old one's EIP has been given back.
 */
export function servedPod(claim: Claim): ClaimPod | null {
  const pod = livePod(claim)
  if (!pod || claim.phase === 'Released') return pod
  const former = claim.judged !== null && claim.judged.podUid !== pod.uid
  return former && claim.terms?.static === false ? null : pod
}

/** Whether the binding is the one that the live Pod wants. */
export function bindingFits(binding: Binding, pod: ClaimPod): boolean {
  return binding.podUid === pod.uid && (pod.privateIp === null || pod.privateIp === binding.privateIp)
}
