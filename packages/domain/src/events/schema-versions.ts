import type { EventType } from './event.ts'

/** The schema version that this build writes and reads, for every event type that it knows. */
export const schemaVersions: Readonly<Record<EventType, number>> = {
  ClusterIdentified: 1,
  PodObserved: 1,
  PodEnded: 1,
  PodFoundAgain: 1,
  NodeObserved: 1,
  NodeRemoved: 1,
  NodeAddressesCounted: 1,
  OwnerChanged: 1,
  OwnerEnded: 1,
  EipClaimDeletionRequested: 1,
  ClaimExpiryDue: 1,
  GuardConfirmed: 1,
  GuardDenied: 1,
  GuardClosed: 1,
  ReclaimHeld: 1,
  HoldEnded: 1,
  ClaimOpened: 1,
  RequestAccepted: 1,
  RequestRefused: 1,
  AllocationDecided: 1,
  LookupDecided: 1,
  ListedAddressAwaited: 1,
  ListedAddressForgone: 1,
  ListedAddressChosen: 1,
  ListedAddressGivenBack: 1,
  BindingDecided: 1,
  SlotAwaited: 1,
  SlotForgone: 1,
  UnbindingDecided: 1,
  CancellationDecided: 1,
  ClaimRetained: 1,
  RetentionRescheduled: 1,
  ClaimResumed: 1,
  ReleaseDecided: 1,
  ClaimClosed: 1,
  ReclaimDeclined: 1,
  AllocationCompleted: 1,
  AllocationFailed: 1,
  AllocationAbandoned: 1,
  LookupCompleted: 1,
  LookupFailed: 1,
  LookupAbandoned: 1,
  AddressBound: 1,
  BindingFailed: 1,
  BindingAbandoned: 1,
  AddressUnbound: 1,
  AddressReleased: 1,
  CloudCallDelayed: 1,
}

/**
 * Counts the shapes of the read models. To be raised whenever an event type is added or changed, or folding gives
 * other records: a build that is older leaves alone what it would misread.
 */
export const modelVersion = 1
