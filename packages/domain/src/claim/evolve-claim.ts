import { drifted, withOrphan } from '../drift/evolve-drift.ts'
import type { Warning } from '../events/decisions.ts'
import { type DomainEvent, isOutcome } from '../events/event.ts'
import { holdEnded, reclaimHeld } from '../guard/hold.ts'
import { noSearch } from '../listing/search.ts'
import { slotSentence } from '../node/slot-wait.ts'
import { isSurplus } from './allocation.ts'
import { ownerChanged } from './cascade.ts'
import { type Claim, type ClaimConditionType, livePod, type Refusal } from './claim.ts'
import { awaiting, chosen, forgone } from './evolve-listed.ts'
import { evolveOutcome } from './evolve-outcome.ts'
import { podEnded, podFoundAgain, podOf } from './pod-ends.ts'
import { obstacleOf, problem, refusalBefore } from './problem.ts'
import { recovered } from './recovered.ts'
import { termsInForce } from './terms-in-force.ts'
import { withoutWarning, withWarning } from './warnings.ts'

/** Folds one event into a claim. Events that do not concern it, or come too late, change nothing. */
export function evolveClaim(claim: Claim, event: DomainEvent): Claim {
  const next = applied(claim, event)
  if (next === claim) return claim
  return {
    ...next,
    // Another EIP has another standing.
    standing: next.address?.id === claim.address?.id ? next.standing : 'Good',
    takenTo: next.address?.id === claim.address?.id && next.phase !== 'Bound' ? next.takenTo : null,
    // Another binding may be in another subnet.
    egress: next.binding?.id === claim.binding?.id ? (next.egress ?? null) : null,
    phaseSince: next.phase === claim.phase ? claim.phaseSince : event.occurredAt,
    conditions: conditionsOf(claim, next, event.occurredAt),
    position: event.position,
  }
}

function applied(claim: Claim, event: DomainEvent): Claim {
  if (isOutcome(event)) {
    // An outcome that the claim does not wait for was overtaken: it is in the log, and changes nothing.
    return claim.intent?.id === event.data.intentId ? evolveOutcome(claim, event) : claim
  }
  switch (event.type) {
    case 'PodObserved':
      return podObserved(claim, event)
    case 'PodEnded':
      return podEnded(claim, event)
    case 'PodFoundAgain':
      return podFoundAgain(claim, event)
    case 'ReclaimHeld':
      return reclaimHeld(claim, event)
    case 'HoldEnded':
      return holdEnded(claim, event)
    case 'OwnerChanged':
      return ownerChanged(claim, event)
    case 'EipClaimDeletionRequested':
      if (event.data.objectUid === claim.answeredDeletion) return claim
      return {
        ...claim,
        deletion: {
          objectUid: event.data.objectUid,
          requestedAt: event.occurredAt,
          namespaceTerminating: event.data.namespaceTerminating,
          collectedWith: event.data.collectedWith,
          goingPod: event.data.podGoing ? (livePod(claim)?.uid ?? null) : null,
        },
      }
    case 'ClaimOpened':
      return {
        ...claim,
        phase: 'Pending',
        generation: event.data.generation,
        terms: null,
        judged: null,
        problem: null,
        reclaim: null,
        hold: null,
        search: noSearch,
        lastPrivateIp: '',
        lastNetworkInterfaceId: '',
        allocateAtMost: null,
        openedAt: event.occurredAt,
      }
    case 'RequestAccepted':
      return {
        ...claim,
        terms: termsInForce(claim, event.data.terms),
        search: { ...noSearch, awaited: claim.search.awaited, lookup: claim.search.lookup },
        judged: judgedNow(claim, null, event.data.warnings),
        problem: obstacleOf(claim),
      }
    case 'RequestRefused':
      return {
        ...claim,
        judged: judgedNow(claim, { reason: event.data.reason, message: event.data.message }),
        problem: refusalBefore(claim, problem(event, event.data.reason, event.data.message)),
      }
    case 'RequestWarned':
      return { ...claim, warned: withWarning(claim, event.data.podUid, event.data) }
    case 'WarningCleared':
      return { ...claim, warned: withoutWarning(claim, event.data.reason) }
    case 'AllocationDecided':
      return { ...claim, phase: 'Allocating', intent: intent(event.data.intentId, 'allocate') }
    case 'LookupDecided': {
      const { intentId, addressIds, awaited, patient } = event.data
      const queued = awaiting(claim, awaited)
      return {
        ...queued,
        phase: 'Allocating',
        problem: null,
        intent: intent(intentId, 'lookup'),
        search: { ...queued.search, lookup: { addressIds, patient }, free: [] },
      }
    }
    case 'ListedAddressAwaited': {
      const { addressIds, reason, message } = event.data
      const queued = awaiting(claim, addressIds)
      return {
        ...queued,
        problem: problem(event, reason, message),
        search: { ...queued.search, free: [] },
      }
    }
    case 'ListedAddressForgone':
      return forgone(claim, event)
    case 'ListedAddressChosen':
      return chosen(claim, event)
    case 'BindingDecided':
      return {
        ...claim,
        phase: 'Binding',
        problem: null,
        awaitingSlotOn: null,
        slotHolders: null,
        lastPrivateIp: event.data.privateIp,
        lastNetworkInterfaceId: '',
        intent: intent(event.data.intentId, 'associate'),
        binding: {
          id: event.data.intentId,
          podUid: event.data.podUid,
          node: event.data.node,
          privateIp: event.data.privateIp,
          networkInterfaceId: '',
          boundAt: '',
        },
      }
    case 'SlotAwaited':
      return {
        ...claim,
        awaitingSlotOn: event.data.node,
        slotHolders: event.data.slots?.heldBy ?? null,
        problem: problem(event, event.data.reason, slotSentence(event.data)),
      }
    case 'SlotForgone': {
      // What stands in the way by now may be another thing than the queue: it stays told.
      const moot = claim.problem?.reason === 'NodeQuotaExhausted' || claim.problem?.reason === 'NodeUnknown'
      return { ...claim, awaitingSlotOn: null, slotHolders: null, problem: moot ? null : claim.problem }
    }
    case 'UnbindingDecided':
      return {
        ...claim,
        phase: 'Unbinding',
        problem: null,
        intent: intent(event.data.intentId, 'disassociate'),
      }
    case 'CancellationDecided':
      return claim.intent?.id === event.data.intentId
        ? { ...claim, intent: { ...claim.intent, cancelled: true } }
        : claim
    case 'ClaimRetained':
      return {
        ...claim,
        phase: 'Retained',
        problem: null,
        retained: { since: event.occurredAt, until: event.data.until, due: false },
      }
    case 'RetentionRescheduled':
      return claim.retained
        ? { ...claim, retained: { ...claim.retained, until: event.data.until, due: false } }
        : claim
    case 'ClaimExpiryDue':
      return claim.retained?.until === event.data.until && claim.generation === event.data.generation
        ? { ...claim, retained: { ...claim.retained, due: true } }
        : claim
    case 'ClaimResumed':
      return { ...claim, phase: 'Allocated', retained: null, problem: null }
    case 'ReleaseDecided':
      if (isSurplus(claim, event.data.addressId)) {
        return { ...claim, intent: intent(event.data.intentId, 'release') }
      }
      return {
        ...claim,
        phase: 'Releasing',
        retained: null,
        problem: null,
        reclaim: event.data.cause,
        intent: intent(event.data.intentId, 'release'),
      }
    case 'ListedAddressGivenBack':
      return { ...claim, address: null, retained: null, problem: null, reclaim: event.data.cause }
    case 'ClaimClosed':
      return {
        ...claim,
        phase: 'Released',
        address: null,
        retained: null,
        problem: null,
        deletion: null,
        answeredDeletion: event.data.objectUid ?? claim.answeredDeletion,
        reclaim: event.data.cause,
        hold: null,
      }
    case 'AddressStandingSeen':
      return claim.address?.id === event.data.addressId ? { ...claim, standing: event.data.standing } : claim
    case 'EgressSeen':
      return event.data.bindingId === claim.binding?.id
        ? { ...claim, egress: egressSeen(claim, event) }
        : claim
    case 'EgressUnwatched':
      return event.data.bindingId === claim.binding?.id ? { ...claim, egress: null } : claim
    case 'AddressDrifted':
      return drifted(claim, event)
    case 'OrphanFound':
      return withOrphan(claim, event)
    case 'ClaimRecovered':
      return recovered(claim, event)
    case 'ReclaimDeclined':
      return {
        ...claim,
        deletion: null,
        answeredDeletion: event.data.objectUid,
        unnamedOwner: claim.deletion?.collectedWith ?? claim.unnamedOwner,
      }
    case 'CloudCallDelayed':
      return claim.intent?.id === event.data.intentId
        ? { ...claim, problem: problem(event, event.data.code, event.data.message, event.data) }
        : claim
    case 'NodeObserved':
    case 'NodeRemoved':
    case 'ClusterIdentified':
    case 'ClusterNamed':
    case 'GuardClosed':
    case 'GuardConfirmed':
    case 'GuardDenied':
    case 'TeardownOrdered':
    case 'TeardownCancelled':
    case 'LogRecovered':
    case 'NodeAddressesCounted':
    case 'SurveyRequested':
    case 'SurveyCompleted':
    case 'OwnerEnded':
      return claim
  }
}

/** The newest Pod of the name counts: resourceVersions of one cluster grow. */
function podObserved(claim: Claim, event: DomainEvent<'PodObserved'>): Claim {
  const { data } = event
  if (claim.pod && BigInt(data.resourceVersion) <= BigInt(claim.pod.resourceVersion)) return claim
  if (claim.pod?.uid !== data.podUid) return { ...claim, pod: podOf(event), owner: data.owner, hold: null }
  const { ended } = claim.pod
  if (ended && ended.reason !== 'Missed') return claim
  // A late state does not prove that a missed Pod lives; should that be decided, it is what is known of it.
  return { ...claim, pod: { ...podOf(event), ended }, owner: data.owner }
}

function egressSeen({ egress }: Claim, event: DomainEvent<'EgressSeen'>): Claim['egress'] {
  const { subnetId, routeTableId, natRoutes } = event.data
  const sameAsBefore = egress && (egress.natRoutes.length === 0) === (natRoutes.length === 0)
  return { subnetId, routeTableId, natRoutes, since: sameAsBefore ? egress.since : event.occurredAt }
}

function judgedNow({ pod }: Claim, refusal: Refusal | null, warnings: Warning[] = []): Claim['judged'] {
  if (!pod?.request) return null
  return { podUid: pod.uid, request: pod.request, accepted: refusal === null, refusal, warnings }
}

function intent(id: string, action: NonNullable<Claim['intent']>['action']): NonNullable<Claim['intent']> {
  return { id, action, cancelled: false }
}

function conditionsOf(before: Claim, after: Claim, at: string): Claim['conditions'] {
  const status: Record<ClaimConditionType, boolean> = {
    Accepted: after.judged?.accepted === true && after.phase !== 'Released',
    Allocated: after.address !== null,
    Bound: after.phase === 'Bound',
  }
  const condition = (type: ClaimConditionType) => {
    const old = before.conditions[type]
    return old.status === status[type] && old.since !== '' ? old : { status: status[type], since: at }
  }
  return { Accepted: condition('Accepted'), Allocated: condition('Allocated'), Bound: condition('Bound') }
}
