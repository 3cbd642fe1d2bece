import { formatDuration } from '../../duration.ts'
import type { DomainEvent } from '../../events/event.ts'
import type { GuardName } from '../../guard/guard.ts'
import { eipLimit } from '../../node/eip-limit.ts'

/** A workload's end, which may take kept EIPs along. */
export function ownerEnded({ owner, reason }: DomainEvent<'OwnerEnded'>['data']): string {
  const name = `${owner.kind} ${owner.name}, the workload of the Pod,`
  switch (reason) {
    case 'Deleted':
      return `${name} was deleted; with cascade reclaim (--enable-ownerref) a kept EIP goes with it.`
    case 'Orphaning':
      return `${name} was deleted so that its Pods stay (--cascade=orphan); the EIP stays as well.`
    case 'Missed':
      return `${name} has gone, a complete list lacked it; with cascade reclaim (--enable-ownerref) a kept EIP goes with it.`
  }
}

export function deletionAsked(data: DomainEvent<'EipClaimDeletionRequested'>['data']): string {
  if (data.namespaceTerminating) return 'The namespace is being deleted, and the EIPClaim with it.'
  if (data.collectedWith !== null) {
    return 'Kubernetes deletes the EIPClaim together with the workload that it names as its owner.'
  }
  return data.podGoing
    ? 'Somebody deleted the EIPClaim when its Pod had gone or was going: the EIP is given back.'
    : 'Somebody deleted the EIPClaim.'
}

export function nodeSeen({ node, cpu }: DomainEvent<'NodeObserved'>['data']): string {
  if (cpu === null) return `Node ${node} was seen, without a CPU count.`
  const slots = eipLimit(cpu)
  return `Node ${node} was seen with ${cpu} CPUs, which is ${slots === 1 ? '1 EIP slot' : `${slots} EIP slots`}.`
}

export function addressesCounted({ node, foreign }: DomainEvent<'NodeAddressesCounted'>['data']): string {
  if (foreign.length === 0) return `Tencent Cloud shows no EIP of others on node ${node}.`
  return `Tencent Cloud shows EIPs of others on node ${node}: ${foreign.map((a) => a.addressId).join(', ')}.`
}

export function surveyRequested({ by, goneConfirmed }: DomainEvent<'SurveyRequested'>['data']): string {
  const confirmed = goneConfirmed ? ', who confirmed that what it does not show is gone' : ''
  return `A comparison of the cloud with the log was asked for by ${by}${confirmed}.`
}

export function surveyCompleted(data: DomainEvent<'SurveyCompleted'>['data']): string {
  const { claims, addresses, drifted, orphans, leftAlone, unbelieved = 0 } = data
  const found =
    drifted + orphans + leftAlone + unbelieved === 0
      ? 'all is as the log has it'
      : `EIPs of claims not as the log has them: ${drifted}, EIPs in nobody's hands: ${orphans}, left alone: ${leftAlone}${unbelieved === 0 ? '' : `, seemingly gone and too many to be believed: ${unbelieved}`}`
  return `The cloud was compared with the log, ${addresses} EIPs and ${claims} claims that have one; ${found}.`
}

export function guardClosed({ guard, count, windowMs }: DomainEvent<'GuardClosed'>['data']): string {
  return `The guard ${guard} closed: ${counted[guard](count)} within ${formatDuration(windowMs)}.`
}

const counted: Record<GuardName, (count: number) => string> = {
  absence: (count) => `${count} Pods were missing from complete lists`,
  releases: (count) => `${count} EIPs were released`,
}

export function operatorsWord({ type, data }: DomainEvent<'GuardConfirmed' | 'GuardDenied'>): string {
  return type === 'GuardConfirmed'
    ? `${data.by} confirmed what the guard ${data.guard} held.`
    : `${data.by} said of what the guard ${data.guard} held that the Pods live.`
}
