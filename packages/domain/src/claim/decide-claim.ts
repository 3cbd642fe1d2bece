import type { AutoTerms, ClaimTerms } from '../annotations/claim-terms.ts'
import { type EventData, newEvent } from '../events/event.ts'
import type { IntentAction } from '../events/outcomes.ts'
import { leaveListings, lookupOverruled, reviewListed, seekListed } from '../listing/seek.ts'
import { isOnFormerCvm, type Node } from '../node/node.ts'
import { isSlotNews, slotSentence, slotWait } from '../node/slot-wait.ts'
import { slotFor } from '../node/slots.ts'
import type { Owner } from '../owner/owner.ts'
import { collection, isCollected } from './cascade.ts'
import {
  type Binding,
  bindingFits,
  type Claim,
  type ClaimAddress,
  type ClaimPod,
  servedPod,
} from './claim.ts'
import {
  addressOf,
  type Decision,
  type DecisionContext,
  generationOf,
  type Surroundings,
} from './decision.ts'
import { close, closeReclaimed, keepOrRelease, release } from './give-up.ts'
import { judgeRequest } from './judge-request.ts'
import { onlyTells, refuseTornDown } from './torn-down.ts'
import { tellWarnings } from './warnings.ts'

/**
 * The next decision about a claim, or `null` when it is where it should be for now. Called again after
 * each decision has been folded, until it has nothing to add; deciding on unchanged state decides the same.
 */
export function decideClaim(claim: Claim, around: Surroundings, context: DecisionContext): Decision | null {
  const { teardown } = around
  const served = servedPod(claim)
  // When everything is to be given back no Pod counts any more, as if all of them had ended.
  const pod = teardown ? null : served
  return (
    answerDeletion(claim, pod, around.owner, context) ??
    leaveQueue(claim, pod) ??
    leaveListings(claim, pod !== null && !withdrawn(claim, pod) && wanted(claim, pod)) ??
    openGeneration(claim, served) ??
    (teardown ? refuseTornDown(claim, served, teardown) : judgeRequest(claim, pod)) ??
    tellWarnings(claim, pod) ??
    (claim.intent ? cancelIfUnwanted(claim, pod, around) : null) ??
    (claim.intent ? null : releaseSurplus(claim, context)) ??
    (claim.intent || claim.phase === 'Released' ? null : nextStep(claim, served, around, context))
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
  const going = pod?.terminating || pod?.uid === claim.deletion.goingPod
  if (!pod || going || claim.deletion.namespaceTerminating || claim.reclaim) return null
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

function causeToCancel(action: IntentAction, claim: Claim, pod: ClaimPod | null, around: Surroundings) {
  if (around.teardown && action !== 'disassociate' && action !== 'release') return 'Teardown'
  switch (action) {
    case 'allocate':
      return pod ? null : 'PodEnded'
    case 'lookup':
      if (!pod || pod.terminating) return 'PodEnded'
      return wanted(claim, pod) ? lookupOverruled(claim, around.listingOf) : 'RequestChanged'
    case 'associate':
      if (!claim.binding) return null
      return (
        unfitCause(claim.binding, pod) ??
        (onFormerCvm(claim.binding, around.node) ? 'PodAddressChanged' : null)
      )
    case 'disassociate':
    case 'release':
      return null
  }
}

/** It was decided for the CVM that a Node was, before it was seen that another machine has taken the Node's name. */
function onFormerCvm(binding: Binding, node: Node | null): boolean {
  if (!node || node.removed || node.name !== binding.node) return false
  const holder = node.holders.find(({ bindingId }) => bindingId === binding.id)
  return holder !== undefined && isOnFormerCvm(holder, node)
}

/** What came beyond what was asked for goes back, also when the claim is over. */
function releaseSurplus(claim: Claim, context: DecisionContext): Decision | null {
  const [surplus] = claim.surplus
  return surplus ? release(claim, surplus, 'Surplus', context) : null
}

function nextStep(
  claim: Claim,
  served: ClaimPod | null,
  around: Surroundings,
  context: DecisionContext,
): Decision | null {
  const { teardown } = around
  const pod = teardown ? null : served
  if (claim.binding) {
    const cause = teardown ? 'Teardown' : unfitCause(claim.binding, pod)
    return cause && unbind(claim, claim.binding, cause, context)
  }
  if (claim.reclaim) return closeReclaimed(claim, claim.reclaim)
  if (onlyTells(claim, served, teardown)) return null
  if (!pod)
    return claim.address ? keepOrRelease(claim, claim.address, around, context) : close(claim, 'PodEnded')
  if (withdrawn(claim, pod)) return close(claim, 'RequestWithdrawn')
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

/** A Pod that does not ask any more before there is an EIP for it needs no claim; one that there is stays to its end. */
function withdrawn(claim: Claim, pod: ClaimPod): boolean {
  return pod.request === null && claim.address === null
}

/** A Pod is served when its request was accepted and nothing that only a change can mend stands in the way. */
function wanted(claim: Claim, pod: ClaimPod): boolean {
  const judged = claim.judged
  if (judged?.podUid !== pod.uid || !judged.accepted || pod.terminating) return false
  const stopped = claim.problem !== null && claim.problem.code !== '' && claim.problem.retryAt === ''
  return !stopped
}

function unbind(
  claim: Claim,
  binding: NonNullable<Claim['binding']>,
  cause: EventData['UnbindingDecided']['cause'],
  context: DecisionContext,
): Decision {
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
  const told = claim.awaitingSlotOn === pod.node ? claim.slotHolders : null
  const message = claim.problem?.message
  const wait = slotWait(node, told)
  if (claim.awaitingSlotOn === pod.node && message === slotSentence(wait)) return null
  const news = isSlotNews(wait, told, message)
  return newEvent('SlotAwaited', { ...generationOf(claim), podUid: pod.uid, ...wait, news })
}
