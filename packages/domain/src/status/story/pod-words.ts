import { type PodRequest, samePodRequest } from '../../annotations/pod-request.ts'
import { type Claim, type ClaimPod, servedPod } from '../../claim/claim.ts'
import { evolveClaim } from '../../claim/evolve-claim.ts'
import type { DomainEvent } from '../../events/event.ts'
import { predecessorWhy } from '../predecessor.ts'
import { onOneLine } from '../words.ts'

type PodSeen = DomainEvent<'PodObserved' | 'PodFoundAgain'>

/** What is new about a Pod since the claim last saw one; the first time, what it asks for. Empty for nothing. */
export function podNews(event: PodSeen, before: Claim): string {
  const { data } = event
  const after = evolveClaim(before, event)
  if (after === before) return ''
  if (before.pod?.uid !== data.podUid) return `${firstSight(data)}${predecessor(after)}`
  const news = changes(data, before.pod)
  return news.length === 0 ? '' : `Pod ${short(data.podUid)} ${news.join('; ')}.`
}

function firstSight({ podUid, request }: PodSeen['data']): string {
  return request
    ? `Pod ${short(podUid)} asked for an EIP: ${annotations(request)}.`
    : `Pod ${short(podUid)} was seen, which asks for no EIP.`
}

/** A Pod that is not served yet waits for what the Pod before it leaves. */
function predecessor(claim: Claim): string {
  const why = servedPod(claim) === null ? predecessorWhy(claim) : null
  return why ? ` ${why.message}` : ''
}

function changes(pod: PodSeen['data'], before: ClaimPod): string[] {
  const news = [
    !samePodRequest(pod.request, before.request) &&
      (pod.request ? `asks now for ${annotations(pod.request)}` : 'does not ask for an EIP any more'),
    pod.node !== before.node && pod.node !== null && `was placed on node ${pod.node}`,
    pod.privateIp !== before.privateIp && pod.privateIp !== null && `has the address ${pod.privateIp}`,
    pod.terminating && !before.terminating && 'is being deleted',
  ]
  return news.filter((part) => part !== false)
}

export function podEndSentence({ podUid, reason }: DomainEvent<'PodEnded'>['data'], claim: Claim): string {
  const former =
    claim.pod !== null && claim.pod.uid !== podUid ? ', which is not the newest of its name,' : ''
  return `Pod ${short(podUid)}${former} ended: ${ends[reason]}.`
}

const ends: Record<DomainEvent<'PodEnded'>['data']['reason'], string> = {
  Deleted: 'it was deleted',
  Succeeded: 'it had done its work',
  Failed: 'it failed',
  Evicted: 'it was evicted',
  Replaced: 'another Pod has its name',
  Missed: 'a complete list of all Pods lacked it',
}

/** The annotations, word for word and short. */
function annotations(request: PodRequest): string {
  const { attributes, deletePolicy, idList, claimExpiredDuration } = request
  const given = {
    'eip-attributes': attributes,
    'eip-id-list': idList,
    'eip-claim-delete-policy': deletePolicy,
    'claim-expired-duration': claimExpiredDuration,
  }
  return Object.entries(given)
    .filter(([, text]) => text !== undefined)
    .map(([name, text]) => `${name} '${onOneLine(text!).slice(0, 200)}'`)
    .join(', ')
}

/** The first part of a uid tells it from the others at hand. */
export function short(uid: string): string {
  return uid.slice(0, 8)
}
