import { type AutoTerms, type ClaimTerms, parseClaimTerms } from '../annotations/claim-terms.ts'
import { misspeltPolicyWarning } from '../annotations/delete-policy.ts'
import { type PodRequest, samePodRequest } from '../annotations/pod-request.ts'
import type { ReclaimCause } from '../events/decisions.ts'
import { type DecisionType, type NewDomainEvent, newEvent, splitClaimKey } from '../events/event.ts'
import type { IntentAction } from '../events/outcomes.ts'
import type { Listing } from '../listing/listing.ts'
import { leaveListings, lookupOverruled, reviewListed, seekListed } from '../listing/seek.ts'
import type { Node } from '../node/node.ts'
import { slotSentence, slotWait } from '../node/slot-wait.ts'
import { slotFor } from '../node/slots.ts'
import type { Owner } from '../owner/owner.ts'
import { collection, goesWithOwner, isCollected } from './cascade.ts'
import {
  type AutoAddress,
  bindingFits,
  type Claim,
  type ClaimAddress,
  type ClaimPod,
  type ListedAddress,
  servedPod,
} from './claim.ts'
import type { Settings } from './settings.ts'

export type Decision = NewDomainEvent<DecisionType>

/** What a decision needs besides the state. */
export interface DecisionContext {
  /** ISO 8601. */
  now: string
  /** A new identifier for each intent. */
  nextId(): string
  settings: Settings
}

/** What is around a claim. */
export interface Surroundings {
  /** The node of its live Pod, when it has one. */
  node: Node | null
  /** The end of its owner, when the log knows of one. */
  owner: Owner | null
  /** The listing of an EIP of the user's, when there is one. */
  listingOf(addressId: string): Listing | undefined
}

/**
 * The next decision about a claim, or `null` when it is where it should be for now. Called again after
 * each decision has been folded, until it has nothing to add; deciding on unchanged state decides the same.
 */
export function decideClaim(claim: Claim, around: Surroundings, context: DecisionContext): Decision | null {
  const pod = servedPod(claim)
  return (
    answerDeletion(claim, pod, around.owner, context) ??
    leaveQueue(claim, pod) ??
    leaveListings(claim, pod !== null && wanted(claim, pod)) ??
    openGeneration(claim, pod) ??
    judgeRequest(claim, pod) ??
    (claim.intent ? cancelIfUnwanted(claim, pod, around) : null) ??
    (claim.intent || claim.phase === 'Released' ? null : nextStep(claim, pod, around, context))
  )
}

/** A deleted EIPClaim whose Pod lives comes back, and its EIP stays where it is (I6). */
function answerDeletion(
  claim: Claim,
  pod: ClaimPod | null,
  owner: Owner | null,
  { settings }: DecisionContext,
): Decision | null {
  if (!claim.deletion) return null
  const { key, generation } = claim
  const { objectUid } = claim.deletion
  if (claim.phase === 'Released') {
    return newEvent('ClaimClosed', {
      claim: key,
      generation,
      cause: claim.reclaim ?? 'ManualReclaim',
      objectUid,
    })
  }
  if (isCollected(claim) && !claim.reclaim) {
    if (collection(claim, owner, settings) === 'InVain') {
      return newEvent('ReclaimDeclined', { claim: key, generation, objectUid, reason: 'Collected' })
    }
    // The owner is still going: its end decides.
    if (!owner) return null
  }
  // A Pod that is about to go keeps its EIP to its end, and the deletion waits for that.
  if (!pod || pod.terminating || claim.deletion.namespaceTerminating || claim.reclaim) return null
  return newEvent('ReclaimDeclined', { claim: key, generation, objectUid, reason: 'PodAlive' })
}

/** A claim that stands in a queue its Pod no longer needs makes room for those behind it. */
function leaveQueue(claim: Claim, pod: ClaimPod | null): Decision | null {
  const node = claim.awaitingSlotOn
  if (node === null) return null
  if (pod && pod.node === node && wanted(claim, pod)) return null
  return newEvent('SlotForgone', { claim: claim.key, generation: claim.generation, node })
}

function openGeneration(claim: Claim, pod: ClaimPod | null): Decision | null {
  if (claim.phase !== 'Released' || !pod?.request || pod.terminating) return null
  return newEvent('ClaimOpened', { claim: claim.key, generation: claim.generation + 1, podUid: pod.uid })
}

/** Why a Pod in its node's network gets no EIP. */
export const hostNetworkSentence =
  'The Pod uses hostNetwork and has no address of its own to bind an EIP to; remove hostNetwork or the EIP annotations.'

/** Judges a request once for each Pod and each wording of it. */
function judgeRequest(claim: Claim, pod: ClaimPod | null): Decision | null {
  if (claim.phase === 'Released' || !pod?.request) return null
  if (claim.judged?.podUid === pod.uid && samePodRequest(claim.judged.request, pod.request)) return null
  const about = { claim: claim.key, generation: claim.generation, podUid: pod.uid }
  if (pod.hostNetwork) {
    return newEvent('RequestRefused', {
      ...about,
      reason: 'HostNetwork',
      message: hostNetworkSentence,
    })
  }
  const { name } = splitClaimKey(claim.key)
  const terms = parseClaimTerms(pod.request, { name, controllerKind: pod.controller?.kind ?? null })
  return terms.ok
    ? newEvent('RequestAccepted', { ...about, terms: terms.value, ...warningFor(claim, pod, pod.request) })
    : newEvent('RequestRefused', { ...about, reason: 'Invalid', message: terms.message })
}

/** A misspelt delete policy is warned of once for each Pod, whatever else its annotations say later. */
function warningFor(claim: Claim, pod: ClaimPod, request: PodRequest): { warning?: string } {
  const { judged } = claim
  const warned =
    judged?.podUid === pod.uid && judged.accepted && judged.request.deletePolicy === request.deletePolicy
  const warning = warned ? null : misspeltPolicyWarning(request)
  return warning === null ? {} : { warning }
}

/** An allocation or a binding for a Pod that is gone is called off; its outcome tells what came of it. */
function cancelIfUnwanted(claim: Claim, pod: ClaimPod | null, around: Surroundings): Decision | null {
  const { intent } = claim
  if (!intent || intent.cancelled) return null
  const cause = causeToCancel(intent.action, claim, pod, around)
  if (!cause) return null
  return newEvent('CancellationDecided', {
    claim: claim.key,
    generation: claim.generation,
    intentId: intent.id,
    cause,
  })
}

function causeToCancel(
  action: IntentAction,
  claim: Claim,
  pod: ClaimPod | null,
  { listingOf }: Surroundings,
) {
  switch (action) {
    case 'allocate':
      return pod ? null : 'PodEnded'
    case 'lookup':
      if (!pod || pod.terminating) return 'PodEnded'
      return wanted(claim, pod) ? lookupOverruled(claim, listingOf) : 'RequestChanged'
    case 'associate':
      return claim.binding && unfitCause(claim.binding, pod)
    case 'disassociate':
    case 'release':
      return null
  }
}

function nextStep(
  claim: Claim,
  pod: ClaimPod | null,
  around: Surroundings,
  context: DecisionContext,
): Decision | null {
  const [surplus] = claim.surplus
  if (surplus) return release(claim, surplus, 'Surplus', context)
  if (claim.binding) return unbindIfUnfit(claim, claim.binding, pod, context)
  if (claim.reclaim) return closeReclaimed(claim, claim.reclaim)
  if (!pod)
    return claim.address
      ? keepOrRelease(claim, claim.address, around.owner, context)
      : close(claim, 'PodEnded')
  if (!wanted(claim, pod)) return null
  if (!claim.address) return acquire(claim, claim.terms!, pod, around, context)
  const changed =
    claim.address.source === 'listed' ? reviewListed(claim, claim.address, pod, context.nextId) : null
  if (changed) return changed
  if (claim.retained) {
    return newEvent('ClaimResumed', { ...generationOf(claim), ...addressOf(claim.address), podUid: pod.uid })
  }
  return bind(claim, claim.address, pod, around.node, context)
}

/** A Pod is served when its request was accepted and nothing that only a change can mend stands in the way. */
function wanted(claim: Claim, pod: ClaimPod): boolean {
  const judged = claim.judged
  if (judged?.podUid !== pod.uid || !judged.accepted || pod.terminating) return false
  const stopped = claim.problem !== null && claim.problem.code !== '' && claim.problem.retryAt === ''
  return !stopped
}

function unbindIfUnfit(
  claim: Claim,
  binding: NonNullable<Claim['binding']>,
  pod: ClaimPod | null,
  context: DecisionContext,
): Decision | null {
  const cause = unfitCause(binding, pod)
  if (!cause) return null
  return newEvent('UnbindingDecided', {
    ...generationOf(claim),
    intentId: context.nextId(),
    bindingId: binding.id,
    ...addressOf(claim.address!),
    source: claim.address!.source,
    podUid: binding.podUid,
    node: binding.node,
    privateIp: binding.privateIp,
    networkInterfaceId: binding.networkInterfaceId,
    boundAt: binding.boundAt,
    cause,
  })
}

function unfitCause(binding: NonNullable<Claim['binding']>, pod: ClaimPod | null) {
  if (!pod) return 'PodEnded'
  if (pod.uid !== binding.podUid) return 'PodReplaced'
  return bindingFits(binding, pod) ? null : 'PodAddressChanged'
}

/**
 * After its Pod: a static claim keeps its EIP until its time is over or its owner takes it along; any other gives
 * it back, and so does a deleted one.
 */
function keepOrRelease(
  claim: Claim,
  address: ClaimAddress,
  owner: Owner | null,
  context: DecisionContext,
): Decision | null {
  const isStatic = claim.terms?.static === true
  if (isDeletedByPeople(claim)) return giveUp(claim, address, 'ManualReclaim', context)
  if (!isStatic) return giveUp(claim, address, 'PodEnded', context)
  if (goesWithOwner(claim, owner, context.settings)) return giveUp(claim, address, 'OwnerEnded', context)
  if (!claim.retained) {
    const until = retainedUntil(claim, context.now, context)
    const { source } = address
    return newEvent('ClaimRetained', { ...generationOf(claim), ...addressOf(address), source, until })
  }
  const until = retainedUntil(claim, claim.retained.since, context)
  if (until !== claim.retained.until) {
    return newEvent('RetentionRescheduled', { ...generationOf(claim), until })
  }
  return claim.retained.due ? giveUp(claim, address, 'Expired', context) : null
}

function isDeletedByPeople(claim: Claim): boolean {
  return claim.deletion !== null && !isCollected(claim)
}

/** When a claim that is retained since then expires, by its Pod's own words or the operator's; `null` = never. */
function retainedUntil(claim: Claim, since: string, { settings }: DecisionContext): string | null {
  const expiryMs = claim.terms?.expiryMs ?? settings.claimExpiredMs
  return expiryMs ? new Date(Date.parse(since) + expiryMs).toISOString() : null
}

/** What was created for the claim is released; what is the user's is only let go. */
function giveUp(
  claim: Claim,
  address: ClaimAddress,
  cause: ReclaimCause,
  context: DecisionContext,
): Decision {
  switch (address.source) {
    case 'auto':
      return release(claim, address, cause, context)
    case 'listed':
      return giveBack(claim, address, cause)
  }
}

function giveBack(claim: Claim, address: ListedAddress, cause: ReclaimCause): Decision {
  return newEvent('ListedAddressGivenBack', { ...generationOf(claim), ...addressOf(address), cause })
}

function release(
  claim: Claim,
  address: AutoAddress,
  cause: ReclaimCause,
  context: DecisionContext,
): Decision {
  return newEvent('ReleaseDecided', {
    ...generationOf(claim),
    intentId: context.nextId(),
    ...addressOf(address),
    allocationId: address.allocationId,
    lastPrivateIp: cause === 'Surplus' ? '' : claim.lastPrivateIp,
    lastNetworkInterfaceId: cause === 'Surplus' ? '' : claim.lastNetworkInterfaceId,
    cause,
  })
}

function closeReclaimed(claim: Claim, cause: ReclaimCause): Decision | null {
  const { address } = claim
  if (!address) return close(claim, cause)
  return address.source === 'listed' ? giveBack(claim, address, cause) : null
}

function close(claim: Claim, cause: ReclaimCause): Decision {
  return newEvent('ClaimClosed', {
    ...generationOf(claim),
    cause: isDeletedByPeople(claim) ? 'ManualReclaim' : cause,
    objectUid: claim.deletion?.objectUid ?? null,
  })
}

/** An EIP for a claim that has none: created for it, or one of the user's. */
function acquire(
  claim: Claim,
  terms: ClaimTerms,
  pod: ClaimPod,
  { listingOf }: Surroundings,
  context: DecisionContext,
): Decision | null {
  switch (terms.source) {
    case 'auto':
      return allocate(claim, terms, pod, context)
    case 'listed':
      return seekListed(claim, terms, pod, listingOf, context.nextId)
  }
}

function allocate(claim: Claim, terms: AutoTerms, pod: ClaimPod, context: DecisionContext): Decision {
  const intentId = context.nextId()
  return newEvent('AllocationDecided', {
    ...generationOf(claim),
    intentId,
    allocationId: intentId,
    podUid: pod.uid,
    attributes: terms.attributes,
  })
}

function bind(
  claim: Claim,
  address: ClaimAddress,
  pod: ClaimPod,
  node: Node | null,
  context: DecisionContext,
): Decision | null {
  if (!pod.node || !pod.privateIp || !node) return null
  if (slotFor(node, claim.key)) {
    return newEvent('BindingDecided', {
      ...generationOf(claim),
      intentId: context.nextId(),
      ...addressOf(address),
      source: address.source,
      podUid: pod.uid,
      node: pod.node,
      instanceId: node.instanceId,
      privateIp: pod.privateIp,
      ...(address.source === 'auto' && claim.lastPrivateIp === '' && { firstBinding: true as const }),
    })
  }
  const wait = slotWait(node)
  if (claim.awaitingSlotOn === pod.node && claim.problem?.message === slotSentence(wait)) return null
  return newEvent('SlotAwaited', { ...generationOf(claim), podUid: pod.uid, ...wait })
}

function generationOf(claim: Claim) {
  return { claim: claim.key, generation: claim.generation }
}

function addressOf(address: ClaimAddress) {
  return { addressId: address.id, publicIp: address.publicIp }
}
