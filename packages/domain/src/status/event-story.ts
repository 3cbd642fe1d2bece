import { driftSentence, orphanSentence } from '../drift/words.ts'
import { natSentence, noNatSentence } from '../egress/egress-words.ts'
import type { DeclineReason, WarningReason } from '../events/decisions.ts'
import type { DomainEvent } from '../events/event.ts'
import { type IntentAction, isGone, isInstanceQuota, isListedNotFree } from '../events/outcomes.ts'
import { holdEndedSentence, holdSentence } from '../guard/hold.ts'
import { type SlotWait, slotSentence } from '../node/slot-wait.ts'
import { choiceSentence } from './listed-words.ts'
import type { EventReason } from './reasons/event-reasons.ts'
import { recoveredSentence } from './recovered-words.ts'
import { standingSentence } from './standing.ts'
import {
  causeOf,
  keptUntil,
  nameOf,
  queuedSentence,
  type Refusal,
  refusalSentence,
  sentence,
} from './words.ts'

/** What `kubectl describe` shows of a turn of fate: a Kubernetes Event. */
export interface EventStory {
  type: 'Normal' | 'Warning'
  /** CamelCase, for programs. */
  reason: EventReason
  /** One sentence: what and, for a Warning, why and what to do. */
  message: string
  /** Told on the Pod that it befell. */
  onPod: boolean
  /** Told on the EIPClaim. */
  onClaim: boolean
}

/**
 * What a fact of the log means to those who run the Pod; `null` when it is only a step on the way, or is
 * told by the fact that follows from it.
 */
export function eventStory(event: DomainEvent): EventStory | null {
  switch (event.type) {
    case 'AllocationCompleted': {
      const eips = event.data.addresses.map((a) => nameOf({ id: a.addressId, publicIp: a.publicIp }))
      return good('AllocatedEip', `Allocated ${eips.join(', ')}.`)
    }
    case 'ListedAddressChosen': {
      const { refused } = event.data
      return refused.length === 0
        ? good('TookEip', choiceSentence(event.data))
        : bad('TookEip', choiceSentence(event.data))
    }
    case 'ListedAddressAwaited':
      return bad(event.data.reason, sentence(event.data.message))
    case 'AddressBound': {
      const { node, privateIp } = event.data
      return good('AssociatedEip', `Bound ${eipOf(event.data)} to ${privateIp} on node ${node}.`)
    }
    case 'AddressUnbound': {
      const { addressId, node } = event.data
      return { ...good('DisassociatedEip', `Unbound EIP ${addressId} on node ${node}.`), onPod: false }
    }
    case 'AddressReleased':
      return { ...good('ReleasedEip', `Released EIP ${event.data.addressId}.`), onPod: false }
    case 'ClaimRetained': {
      const soon = event.data.source === 'listed' ? 'give it back' : 'release it'
      const kept = `Kept ${eipOf(event.data)} ${keptUntil(event.data.until)} for the next Pod of the same name; delete the EIPClaim to ${soon} sooner.`
      return { ...good('RetainedEip', kept), onPod: false }
    }
    case 'RetentionRescheduled': {
      const kept = `Kept ${keptUntil(event.data.until)}, since the expiry setting changed.`
      return { ...good('RetentionRescheduled', kept), onPod: false }
    }
    case 'ClaimResumed':
      return good('ResumedEip', `Took ${eipOf(event.data)} back, which was kept for a Pod of this name.`)
    case 'ReleaseDecided': {
      const why = `Releasing ${eipOf(event.data)} because ${causeOf(event.data.cause)}.`
      return { ...good('ReleasingEip', why), onPod: false }
    }
    case 'ListedAddressGivenBack': {
      if (event.data.cause === 'AddressGone') {
        const { addressId } = event.data
        return bad(
          'EipGone',
          `EIP ${addressId}, which annotation eip-id-list names, is not there any more: somebody released it in the cloud; name another one.`,
        )
      }
      const why = `Gave ${eipOf(event.data)} back, which stays yours, because ${causeOf(event.data.cause)}.`
      return { ...good('GaveEipBack', why), onPod: false }
    }
    case 'ReclaimDeclined':
      return bad('ReclaimDeclined', declined[event.data.reason])
    case 'RequestRefused':
      return event.data.reason === 'Invalid'
        ? bad('InvalidEipRequest', sentence(event.data.message))
        : bad(event.data.reason, sentence(event.data.message))
    case 'RequestWarned':
      return bad(event.data.reason, sentence(event.data.message))
    case 'WarningCleared':
      return good('WarningCleared', cleared[event.data.reason])
    case 'SlotAwaited':
      return event.data.news ? slotAwaited(event.data) : null
    case 'AllocationFailed':
      return failure('allocate', 'No EIP could be allocated', { ...event.data, retryAt: '' })
    case 'LookupFailed':
      return failure('lookup', 'No EIP of the list could be looked up', { ...event.data, retryAt: '' })
    case 'BindingFailed': {
      if (isListedNotFree(event.data.code)) return null
      if (isGone(event.data.code)) return bad('EipGone', sentence(event.data.message))
      const what = `EIP ${event.data.addressId} could not be bound on node ${event.data.node}`
      if (isInstanceQuota(event.data.code)) {
        return bad('FailedAssociateEip', `${what}: ${queuedSentence(event.data)}`)
      }
      return failure('associate', what, { ...event.data, retryAt: '' })
    }
    case 'CloudCallDelayed':
      // That it lasts is no turn of fate: the claim's condition says so.
      if (!event.data.news) return null
      return failure(event.data.action, delayed[event.data.action], {
        ...event.data,
        toldAt: event.occurredAt,
      })
    case 'AddressStandingSeen':
      return standingStory(event.data)
    case 'EgressSeen': {
      const { addressId, routeTableId, natRoutes } = event.data
      const eip = nameOf({ id: addressId, publicIp: '' })
      return natRoutes.length === 0
        ? good('EipIsSourceAgain', noNatSentence(eip))
        : bad('NatGatewayTakesTraffic', natSentence(eip, routeTableId, natRoutes))
    }
    case 'AddressDrifted':
      return driftStory(event.data)
    case 'OrphanFound':
      return { ...bad('OrphanFound', orphanSentence(event.data)), onPod: false }
    case 'ClaimRecovered':
      return { ...good('ClaimRecovered', recoveredSentence(event.data)), onPod: false }
    case 'ReclaimHeld':
      return { ...bad('ReclaimHeld', holdSentence(event.data)), onPod: false }
    case 'HoldEnded':
      return { ...good('HoldEnded', holdEndedSentence(event.data)), onPod: false }
    case 'EgressUnwatched':
    case 'PodFoundAgain':
    case 'ClusterIdentified':
    case 'ClusterNamed':
    case 'GuardClosed':
    case 'GuardConfirmed':
    case 'GuardDenied':
    case 'TeardownOrdered':
    case 'TeardownCancelled':
    case 'LogRecovered':
    case 'PodObserved':
    case 'PodEnded':
    case 'NodeObserved':
    case 'NodeRemoved':
    case 'NodeAddressesCounted':
    case 'SurveyRequested':
    case 'SurveyCompleted':
    case 'OwnerChanged':
    case 'OwnerEnded':
    case 'EipClaimDeletionRequested':
    case 'ClaimExpiryDue':
    case 'ClaimOpened':
    case 'RequestAccepted':
    case 'AllocationDecided':
    case 'LookupDecided':
    case 'LookupCompleted':
    case 'LookupAbandoned':
    case 'ListedAddressForgone':
    case 'BindingDecided':
    case 'SlotForgone':
    case 'UnbindingDecided':
    case 'CancellationDecided':
    case 'AllocationSplit':
    case 'AllocationAbandoned':
    case 'BindingAbandoned':
    case 'ClaimClosed':
      return null
  }
}

function driftStory(data: DomainEvent<'AddressDrifted'>['data']): EventStory {
  // Nobody had it, and now it is bound to nothing any more: that is as it should be.
  const mended = data.binding === null && data.drift.kind === 'Unbound'
  const story = mended ? good : bad
  return { ...story('EipDrifted', driftSentence(data)), onPod: data.binding !== null }
}

function standingStory({ addressId, standing }: DomainEvent<'AddressStandingSeen'>['data']): EventStory {
  const wrong = standingSentence(standing)
  if (wrong === null) return good('EipUsableAgain', `Nothing is held against EIP ${addressId} any more.`)
  const reason = standing === 'Blocked' ? 'EipBlocked' : 'EipInArrears'
  return bad(reason, `EIP ${addressId} cannot be used because ${wrong}.`)
}

function slotAwaited(wait: SlotWait): EventStory {
  const type = wait.reason === 'NodeUnknown' ? 'Normal' : 'Warning'
  return { ...bad(wait.reason, slotSentence(wait)), type }
}

const declined = {
  PodAlive:
    'The EIPClaim was deleted while its Pod lives, so the EIP stays with it and the EIPClaim comes back; delete the Pod first to reclaim the EIP.',
  Collected:
    'Kubernetes deleted the EIPClaim together with a workload that its EIP does not go with, so the EIPClaim comes back; nothing has to be done.',
} satisfies Record<DeclineReason, string>

const cleared = {
  MisspeltDeletePolicy: 'Annotation eip-claim-delete-policy was put right: what it says now counts.',
  UnknownAttribute: 'Annotation eip-attributes was put right: all of its fields are known.',
  ReservedTag: 'Annotation eip-attributes was put right: its tags are all given to the EIP.',
  ChangeWithoutEffect: 'The EIP is as the annotations ask.',
} satisfies Record<WarningReason, string>

const failureReasons = {
  allocate: 'FailedAllocateEIP',
  lookup: 'FailedTakeEip',
  associate: 'FailedAssociateEip',
  disassociate: 'FailedDisassociateEip',
  release: 'FailedReleaseEip',
} as const satisfies Record<IntentAction, EventReason>

const delayed = {
  allocate: 'No EIP could be allocated yet',
  lookup: 'No EIP of the list could be taken yet',
  associate: 'The EIP could not be bound yet',
  disassociate: 'The EIP could not be unbound yet',
  release: 'The EIP could not be released yet',
} satisfies Record<IntentAction, string>

function failure(action: IntentAction, what: string, refusal: Refusal): EventStory {
  const onPod = action === 'allocate' || action === 'lookup' || action === 'associate'
  return { ...bad(failureReasons[action], refusalSentence(what, refusal)), onPod }
}

function good(reason: EventReason, message: string): EventStory {
  return { type: 'Normal', reason, message, onPod: true, onClaim: true }
}

function bad(reason: EventReason, message: string): EventStory {
  return { ...good(reason, message), type: 'Warning' }
}

function eipOf(data: { addressId: string; publicIp: string }): string {
  return nameOf({ id: data.addressId, publicIp: data.publicIp })
}
