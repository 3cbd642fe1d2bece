import type { ClaimTerms } from '../../annotations/claim-terms.ts'
import type { Claim } from '../../claim/claim.ts'
import type { DomainEvent } from '../../events/event.ts'
import { slotSentence } from '../../node/slot-wait.ts'
import { eventStory } from '../event-story.ts'
import { promiseOf } from '../promise.ts'
import { causeOf, refusalSentence, sentence } from '../words.ts'
import {
  addressesCounted,
  deletionAsked,
  guardClosed,
  nodeSeen,
  operatorsWord,
  ownerEnded,
  surveyCompleted,
  surveyRequested,
} from './around-words.ts'
import {
  allocated,
  allocationOrdered,
  allocationSplit,
  bindingOrdered,
  bound,
  eip,
  lookedUp,
  lookupOrdered,
  released,
  unbound,
} from './call-words.ts'
import { podEndSentence, podNews, short } from './pod-words.ts'

/** What a sentence needs beyond the event. */
export interface StoryContext {
  /** The claim as it was before the event. */
  before: Claim
  /** Other claims for which the ordered call is as well. */
  company: number
}

/**
 * One sentence about an event, for whoever reads a claim's whole life: the turns of fate as Kubernetes Events tell
 * them, and the steps between. Events that are not about the claim have one as well: they may be why it goes on.
 */
export function storySentence(event: DomainEvent, { before, company }: StoryContext): string {
  switch (event.type) {
    case 'PodObserved':
      return (
        podNews(event, before) ||
        `Pod ${short(event.data.podUid)} was seen again, and nothing that counts here had changed.`
      )
    case 'PodFoundAgain':
      return `Pod ${short(event.data.podUid)} was seen again, so it had not ended.`
    case 'PodEnded':
      return podEndSentence(event.data, before)
    case 'OwnerChanged':
      return `The Pod belongs to ${event.data.owner.kind} ${event.data.owner.name} now.`
    case 'OwnerEnded':
      return ownerEnded(event.data)
    case 'EipClaimDeletionRequested':
      return deletionAsked(event.data)
    case 'ClaimExpiryDue':
      return `The time for which the EIP is kept was over at ${event.data.until}.`
    case 'NodeObserved':
      return nodeSeen(event.data)
    case 'NodeRemoved':
      return `Node ${event.data.node} was removed.`
    case 'NodeAddressesCounted':
      return addressesCounted(event.data)
    case 'SurveyRequested':
      return surveyRequested(event.data)
    case 'SurveyCompleted':
      return surveyCompleted(event.data)
    case 'EgressUnwatched':
      return 'From here on nobody looks whether a NAT gateway takes what the Pod sends: --enable-egress was turned off.'
    case 'ClusterNamed':
      return `The EIPs of this log carry the tag of cluster id ${event.data.clusterId}.`
    case 'ClusterIdentified':
      return `The log is about the cluster ${event.data.clusterUid} from here on.`
    case 'GuardClosed':
      return guardClosed(event.data)
    case 'GuardConfirmed':
    case 'GuardDenied':
      return operatorsWord(event)
    case 'TeardownOrdered':
      return `${event.data.by} ordered that all EIPs of cluster ${event.data.cluster} go back and that none is created any more.`
    case 'TeardownCancelled':
      return `${event.data.by} took the order to tear down cluster ${event.data.cluster} back.`
    case 'LogRecovered':
      return `${event.data.by} brought the log, which had gone back to an older backup, up to what cloud and cluster prove; claims that it had otherwise: ${event.data.claims}.`
    case 'ClaimOpened':
      return event.data.generation === 1
        ? 'The claim was opened.'
        : `The claim was opened again, for its EIP number ${event.data.generation}.`
    case 'RequestAccepted':
      return acceptedSentence(event.data, before)
    case 'RequestRefused':
      return `The request was refused, and nothing is asked of the cloud for it: ${event.data.message}`
    case 'AllocationDecided':
      return allocationOrdered(event.data, company)
    case 'AllocationCompleted':
      return allocated(event.data)
    case 'AllocationSplit':
      return allocationSplit(event.data)
    case 'AllocationAbandoned':
      return 'Nothing came of the allocation that was called off.'
    case 'LookupDecided':
      return lookupOrdered(event.data)
    case 'LookupCompleted':
      return lookedUp(event.data)
    case 'LookupAbandoned':
      return 'Nothing came of the look-up that was called off.'
    case 'ListedAddressForgone':
      return `The claim left the queue for ${event.data.addressIds.join(', ')}.`
    case 'BindingDecided':
      return bindingOrdered(event.data, before.awaitingSlotOn === event.data.node)
    case 'AddressBound':
      return bound(event.data)
    case 'BindingFailed':
      return (
        eventStory(event)?.message ??
        `EIP ${event.data.addressId} was not free any more when it was to be bound, so it is looked at anew: ${sentence(event.data.message).replace(/\.$/, '')}.`
      )
    case 'BindingAbandoned':
      return 'Nothing came of the binding that was called off.'
    case 'SlotAwaited':
      return slotSentence(event.data)
    case 'SlotForgone':
      return `The claim left the queue for an EIP slot of node ${event.data.node}.`
    case 'UnbindingDecided':
      return `EIP ${event.data.addressId} was to be unbound because ${unfit[event.data.cause]}.`
    case 'AddressUnbound':
      return unbound(event, before)
    case 'CancellationDecided':
      return `What was ordered from Tencent Cloud was called off because ${unfit[event.data.cause]}.`
    case 'ReleaseDecided':
      return `${eip(event.data)} was to be released because ${causeOf(event.data.cause)}.`
    case 'AddressReleased':
      return released(event.data)
    case 'ClaimClosed':
      return `The claim was closed because ${causeOf(event.data.cause)}.`
    case 'CloudCallDelayed':
      return (
        eventStory(event)?.message ??
        refusalSentence('It still could not be done', { ...event.data, toldAt: event.occurredAt })
      )
    case 'RequestWarned':
    case 'WarningCleared':
    case 'AllocationFailed':
    case 'LookupFailed':
    case 'ListedAddressChosen':
    case 'ListedAddressAwaited':
    case 'ListedAddressGivenBack':
    case 'ClaimRetained':
    case 'RetentionRescheduled':
    case 'ClaimResumed':
    case 'ReclaimDeclined':
    case 'AddressStandingSeen':
    case 'EgressSeen':
    case 'AddressDrifted':
    case 'OrphanFound':
    case 'ClaimRecovered':
    case 'ReclaimHeld':
    case 'HoldEnded':
      return eventStory(event)!.message
  }
}

/** Whether a reader of the claim's story learns something from the event. */
export function isNews(event: DomainEvent, before: Claim): boolean {
  return event.type !== 'PodObserved' || podNews(event, before) !== ''
}

const unfit: Record<DomainEvent<'UnbindingDecided' | 'CancellationDecided'>['data']['cause'], string> = {
  PodEnded: 'its Pod has ended',
  PodReplaced: 'another Pod has its name',
  PodAddressChanged: "the Pod's address has changed",
  RequestChanged: 'its annotations ask for something else',
  Teardown: 'the whole cluster is torn down',
  AnotherFree: 'another EIP of its list is free',
}

function acceptedSentence(
  { podUid, terms }: { podUid: string; terms: ClaimTerms },
  { judged }: Claim,
): string {
  const corrected = judged?.podUid === podUid && !judged.accepted
  const how = corrected ? 'The request was corrected and is understood now' : 'The request was understood'
  return `${how}: ${promiseOf(terms)}.`
}
