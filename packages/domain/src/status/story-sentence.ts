import { type PodRequest, samePodRequest } from '../annotations/pod-request.ts'
import type { DomainEvent } from '../events/event.ts'
import { eventStory } from './event-story.ts'
import { promiseOf } from './promise.ts'
import { causeOf, nameOf, refusalSentence } from './words.ts'

type PodSeen = DomainEvent<'PodObserved' | 'PodFoundAgain'>

/**
 * One sentence about an event, for whoever reads a claim's whole life: the turns of fate as Kubernetes Events tell
 * them, and the steps between. `null` for what changes nothing that a reader could see.
 * @param before how the log last saw a Pod of the claim; `null` when it never did
 */
export function storySentence(event: DomainEvent, before: PodSeen | null): string | null {
  return eventStory(event)?.message ?? stepSentence(event, before)
}

function stepSentence(event: DomainEvent, before: PodSeen | null): string | null {
  switch (event.type) {
    case 'PodObserved':
      return podSentence(event.data, before?.data ?? null)
    case 'PodFoundAgain':
      return `Pod ${short(event.data.podUid)} was seen again, so it had not ended.`
    case 'PodEnded':
      return `Pod ${short(event.data.podUid)} ended: ${ends[event.data.reason]}.`
    case 'OwnerChanged':
      return `The Pod belongs to ${event.data.owner.kind} ${event.data.owner.name} now.`
    case 'EipClaimDeletionRequested':
      return event.data.namespaceTerminating
        ? 'The namespace is being deleted, and the EIPClaim with it.'
        : 'The deletion of the EIPClaim was asked for.'
    case 'ClaimExpiryDue':
      return 'The time for which the EIP is kept was over.'
    case 'ClaimOpened':
      return event.data.generation === 1 ? 'The claim was opened.' : 'The claim was opened again.'
    case 'RequestAccepted':
      return `The request was understood: ${promiseOf(event.data.terms)}.`
    case 'AllocationDecided':
      return 'Tencent Cloud was to allocate an EIP.'
    case 'BindingDecided':
      return `Tencent Cloud was to bind EIP ${event.data.addressId} to ${event.data.privateIp} on node ${event.data.node}.`
    case 'UnbindingDecided':
      return `Tencent Cloud was to unbind EIP ${event.data.addressId} because ${unfit[event.data.cause]}.`
    case 'ListedAddressChosen':
      return `${nameOf({ id: event.data.addressId, publicIp: event.data.publicIp })} of the Pod's list is to be its EIP.`
    case 'ListedAddressForgone':
      return `The claim left the queue for ${event.data.addressIds.join(', ')}.`
    case 'SlotForgone':
      return `The claim left the queue for an EIP slot of node ${event.data.node}.`
    case 'CancellationDecided':
      return `What was asked of Tencent Cloud is not wanted any more because ${unfit[event.data.cause]}.`
    case 'AllocationAbandoned':
      return 'Nothing came of the allocation that was called off.'
    case 'BindingAbandoned':
      return 'Nothing came of the binding that was called off.'
    case 'CloudCallDelayed':
      return refusalSentence('It still could not be done', { ...event.data, toldAt: event.occurredAt })
    case 'ClaimClosed':
      return `The claim was closed because ${causeOf(event.data.cause)}.`
    default:
      return null
  }
}

const ends: Record<DomainEvent<'PodEnded'>['data']['reason'], string> = {
  Deleted: 'it was deleted',
  Succeeded: 'it had done its work',
  Failed: 'it failed',
  Evicted: 'it was evicted',
  Replaced: 'another Pod has its name',
  Missed: 'a complete list of all Pods lacked it',
}

const unfit: Record<DomainEvent<'UnbindingDecided' | 'CancellationDecided'>['data']['cause'], string> = {
  PodEnded: 'its Pod has ended',
  PodReplaced: 'another Pod has its name',
  PodAddressChanged: "the Pod's address has changed",
  RequestChanged: 'its annotations ask for something else',
  AnotherFree: 'another EIP of its list is free',
}

/** What is new about a Pod since it was last seen; the first time, what it asks for. */
function podSentence(pod: PodSeen['data'], before: PodSeen['data'] | null): string | null {
  if (before?.podUid !== pod.podUid) {
    return pod.request
      ? `Pod ${short(pod.podUid)} asked for an EIP: ${words(pod.request)}.`
      : `Pod ${short(pod.podUid)} was seen, which asks for no EIP.`
  }
  const news = [
    !samePodRequest(pod.request, before.request) &&
      (pod.request ? `its annotations say now ${words(pod.request)}` : 'it does not ask for an EIP any more'),
    pod.node !== before.node && pod.node !== null && `it was placed on node ${pod.node}`,
    pod.privateIp !== before.privateIp && pod.privateIp !== null && `it has the address ${pod.privateIp}`,
    pod.terminating && !before.terminating && 'its deletion was asked for',
  ].filter((part) => part !== false)
  return news.length === 0 ? null : `Pod ${short(pod.podUid)}: ${news.join('; ')}.`
}

/** The annotations, word for word and short. */
function words(request: PodRequest): string {
  const { attributes, deletePolicy, idList, claimExpiredDuration } = request
  const given = {
    'eip-attributes': attributes,
    'eip-id-list': idList,
    'eip-claim-delete-policy': deletePolicy,
    'claim-expired-duration': claimExpiredDuration,
  }
  return Object.entries(given)
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => `${name} ${JSON.stringify(text!.slice(0, 80))}`)
    .join(', ')
}

/** The first part of a uid tells it from the others at hand. */
function short(uid: string): string {
  return uid.slice(0, 8)
}
