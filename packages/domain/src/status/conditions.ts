import { type Claim, livePod, type Problem } from '../claim/claim.ts'
import { natSentence, noNatSentence } from '../egress/egress-words.ts'
import { holdSentence } from '../guard/hold.ts'
import { lookingUp, looksAgain, understood } from './listed-words.ts'
import { predecessorWhy } from './predecessor.ts'
import type { ConditionReason } from './reasons/condition-reasons.ts'
import { keptAlthough, retained } from './retained-words.ts'
import { standingSentence } from './standing.ts'
import type { Why } from './why.ts'
import { type CodeReason, causeOf, nameOf, podName, reasonWord, refusalSentence, sentence } from './words.ts'

export const claimViewConditionTypes = [
  'Accepted',
  'Allocated',
  'Bound',
  'Ready',
  'EgressThroughEip',
] as const

/** One aspect of how a claim stands, as `metav1.Condition` has it. */
export interface ClaimCondition {
  type: (typeof claimViewConditionTypes)[number]
  status: 'True' | 'False'
  /** CamelCase, for programs. */
  reason: ConditionReason | CodeReason
  /** One sentence: what, why, what to do. */
  message: string
  /** ISO 8601: when `status` changed last. */
  lastTransitionTime: string
}

/**
 * The conditions of a claim, always in the same order. `Ready` sums the first three up: it is True while the EIP is
 * bound, and else says what the first of them that is False says. `EgressThroughEip` is there once a NAT gateway was
 * seen to come before the EIP.
 */
export function conditionsOfClaim(claim: Claim): ClaimCondition[] {
  const accepted = condition(claim, 'Accepted', acceptedWhy(claim))
  const allocated = condition(claim, 'Allocated', allocatedWhy(claim))
  const held = heldWhy(claim)
  const waiting = held ?? predecessorWhy(claim)
  const bound = condition(claim, 'Bound', waiting ?? boundWhy(claim))
  // An EIP that is kept without a Pod, as after a recovery of the log, has no annotations that could be wrong.
  const nobodyAsks = claim.phase === 'Retained' && !claim.pod
  const telling =
    waiting || nobodyAsks || bound.status === 'True'
      ? bound
      : [accepted, allocated, bound].find((c) => c.status === 'False')!
  const although = claim.phase === 'Retained' && telling === accepted
  const { reason, message } = although ? keptAlthough(bound, accepted) : telling
  const ready = { ...bound, type: 'Ready', reason, message } as const
  return [accepted, allocated, bound, ready, ...egressCondition(claim)]
}

function egressCondition({ egress, address }: Claim): ClaimCondition[] {
  if (!egress || !address) return []
  const { routeTableId, natRoutes, since: lastTransitionTime } = egress
  const about = { type: 'EgressThroughEip', lastTransitionTime } as const
  const eip = nameOf(address)
  return natRoutes.length === 0
    ? [{ ...about, status: 'True', reason: 'NoNatGateway', message: noNatSentence(eip) }]
    : [
        {
          ...{ ...about, status: 'False', reason: 'NatGatewayFirst' },
          message: natSentence(eip, routeTableId, natRoutes),
        },
      ]
}

function condition(claim: Claim, type: 'Accepted' | 'Allocated' | 'Bound', why: Why): ClaimCondition {
  const { status, since } = claim.conditions[type]
  return { type, status: status ? 'True' : 'False', ...why, lastTransitionTime: since || claim.openedAt }
}

/** A guard keeps the EIP where it is, whatever else there is to say. */
function heldWhy({ hold }: Claim): Why | null {
  return hold && !hold.confirmed ? { reason: 'ReclaimHeld', message: holdSentence(hold) } : null
}

function acceptedWhy(claim: Claim): Why {
  if (claim.phase === 'Released') return closed(claim)
  if (claim.conditions.Accepted.status && claim.terms) {
    return { reason: 'Accepted', message: understood(claim, claim.terms) }
  }
  if (claim.judged?.refusal) return ownWords(claim.judged.refusal)
  if (!claim.pod) {
    return {
      reason: 'NotJudged',
      message: `No Pod named ${podName(claim)} has been seen, so there are no annotations to read; they are read when there is one.`,
    }
  }
  return {
    reason: 'NotJudged',
    message: "The Pod's EIP annotations have not been read yet; nothing has to be done.",
  }
}

function allocatedWhy(claim: Claim): Why {
  if (claim.phase === 'Released') return closed(claim)
  if (claim.address) return { reason: 'Allocated', message: `${nameOf(claim.address)} is allocated.` }
  const { problem } = claim
  const listed = claim.terms?.source === 'listed'
  if (problem?.code) {
    return {
      reason: reasonWord(problem.code),
      message: refusalSentence(
        listed ? 'No EIP of the list could be taken' : 'No EIP could be allocated',
        problem,
      ),
    }
  }
  if (problem) return ownWords(problem)
  if (listed && claim.phase === 'Allocating') return lookingUp(claim.search)
  if (claim.intent?.cancelled) {
    return {
      reason: 'Cancelled',
      message: 'An EIP was asked for and the Pod has ended since; what comes of it is given back.',
    }
  }
  if (claim.phase === 'Allocating') {
    return { reason: 'Allocating', message: 'An EIP was asked of Tencent Cloud and is awaited.' }
  }
  if (claim.reclaim) return givenBack(claim, claim.reclaim)
  if (livePod(claim)?.terminating) {
    return { reason: 'PodTerminating', message: 'No EIP is asked for because the Pod is being deleted.' }
  }
  return {
    reason: 'NotRequested',
    message: 'No EIP was asked of Tencent Cloud yet; it is, once a live Pod and its annotations allow it.',
  }
}

function boundWhy(claim: Claim): Why {
  const { phase, address, binding } = claim
  switch (phase) {
    case 'Pending':
    case 'Allocating':
      if (address) return looksAgain(claim, nameOf(address))
      return {
        reason: 'NotAllocated',
        message: 'There is no EIP to bind yet; see the condition Allocated.',
      }
    case 'Allocated':
      return address ? waitsForBinding(claim, nameOf(address)) : waitsForClosing(claim)
    case 'Binding':
      return onItsWay(claim, 'Binding', 'is being bound', 'could not be bound yet')
    case 'Bound': {
      const { node, privateIp } = binding!
      const bound = `${nameOf(address!)} is bound to ${privateIp} on node ${node}`
      const but = standingSentence(claim.standing)
      return { reason: 'Bound', message: but === null ? `${bound}.` : `${bound}, but ${but}.` }
    }
    case 'Unbinding':
      return onItsWay(claim, 'Unbinding', 'is being unbound', 'could not be unbound yet')
    case 'Retained':
      return retained(claim)
    case 'Releasing':
      return releasing(claim)
    case 'Released':
      return closed(claim)
  }
}

/** Allocated, and not being bound: the Pod, its node, its request or the cloud stand in the way. */
function waitsForBinding(claim: Claim, eip: string): Why {
  const { problem } = claim
  const pod = livePod(claim)
  if (problem?.code) {
    return {
      reason: reasonWord(problem.code),
      message: refusalSentence(`${eip} could not be bound`, problem),
    }
  }
  if (problem) return ownWords(problem)
  if (!pod)
    return { reason: 'PodEnded', message: `${eip} has no Pod any more; it is kept or given back next.` }
  if (pod.terminating) {
    return { reason: 'PodTerminating', message: `${eip} is not bound because the Pod is being deleted.` }
  }
  if (!pod.node) {
    return {
      reason: 'PodNotScheduled',
      message: `${eip} waits for the Pod to be scheduled; see the Pod's Events when it is not.`,
    }
  }
  if (!pod.privateIp) {
    return {
      reason: 'PodHasNoAddress',
      message: `${eip} waits for the Pod's own address on node ${pod.node}; see the Pod's Events when it gets none.`,
    }
  }
  return { reason: 'BindingNext', message: `${eip} is bound next; nothing has to be done.` }
}

function waitsForClosing(claim: Claim): Why {
  return claim.reclaim
    ? givenBack(claim, claim.reclaim)
    : { reason: 'NotAllocated', message: 'There is no EIP to bind; see the condition Allocated.' }
}

function onItsWay(claim: Claim, reason: 'Binding' | 'Unbinding', does: string, failed: string): Why {
  const { problem, address, binding, intent } = claim
  const eip = address ? nameOf(address) : 'The EIP'
  const where = binding
    ? `${reason === 'Binding' ? 'to' : 'from'} ${binding.privateIp} on node ${binding.node}`
    : ''
  if (problem?.code) {
    return { reason: reasonWord(problem.code), message: refusalSentence(`${eip} ${failed}`, problem) }
  }
  if (problem) return ownWords(problem)
  if (reason === 'Binding' && intent?.cancelled) {
    const why = livePod(claim) ? 'the Pod has another address now' : 'the Pod has ended'
    return {
      reason: 'BindingCancelled',
      message: `The binding of ${address ? nameOf(address) : 'the EIP'} ${where} was called off because ${why}; if it comes about all the same, it is undone.`,
    }
  }
  return { reason, message: `${eip} ${does} ${where}`.trimEnd().concat('.') }
}

function releasing(claim: Claim): Why {
  const { problem, reclaim } = claim
  const eip = claim.address ? nameOf(claim.address) : 'The EIP'
  if (problem?.code) {
    return {
      reason: reasonWord(problem.code),
      message: refusalSentence(`${eip} could not be released yet`, problem),
    }
  }
  return givenBack(claim, reclaim ?? 'PodEnded')
}

function givenBack(claim: Claim, cause: NonNullable<Claim['reclaim']>): Why {
  return claim.address
    ? {
        reason: 'Releasing',
        message: `${nameOf(claim.address)} is being ${claim.address.source === 'listed' ? 'given back' : 'released'} because ${causeOf(cause)}.`,
      }
    : { reason: 'Released', message: `The EIP was released because ${causeOf(cause)}.` }
}

function closed(claim: Claim): Why {
  const why = claim.reclaim ? ` because ${causeOf(claim.reclaim)}` : ''
  return {
    reason: 'Released',
    message: `The claim is closed${why}; a new Pod named ${podName(claim)} opens it again.`,
  }
}

function ownWords(problem: Pick<Problem, 'reason' | 'message'>): Why {
  return { reason: reasonWord(problem.reason), message: sentence(problem.message) }
}
