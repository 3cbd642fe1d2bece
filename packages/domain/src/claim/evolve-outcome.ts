import type { DomainEvent } from '../events/event.ts'
import { type EndingOutcome, isGone, isInstanceQuota, isListedNotFree } from '../events/outcomes.ts'
import { isSurplus, withAllocated, withoutSurplus, withSplit } from './allocation.ts'
import type { Claim } from './claim.ts'
import { lookedUp, lookupEnded } from './evolve-listed.ts'
import { problem, refusalTold } from './problem.ts'

/** Folds the outcome of the call that the claim waits for. */
export function evolveOutcome(claim: Claim, event: DomainEvent<EndingOutcome>): Claim {
  const settled: Claim = { ...claim, intent: null, problem: refusalTold(claim) }
  switch (event.type) {
    case 'AllocationCompleted':
      return withAllocated(settled, event)
    case 'AllocationSplit':
      return withSplit(settled, event)
    case 'AllocationFailed':
      return {
        ...settled,
        phase: 'Pending',
        problem: problem(event, event.data.code, event.data.message, event.data),
      }
    case 'AllocationAbandoned':
      return { ...settled, phase: 'Pending' }
    case 'LookupCompleted':
      return lookedUp(settled, event)
    case 'LookupAbandoned':
      return lookupEnded(settled)
    case 'LookupFailed':
      return {
        ...lookupEnded(settled),
        problem: problem(event, event.data.code, event.data.message, event.data),
      }
    case 'AddressBound':
      return {
        ...settled,
        phase: 'Bound',
        lastNetworkInterfaceId: event.data.networkInterfaceId,
        binding: claim.binding && {
          ...claim.binding,
          networkInterfaceId: event.data.networkInterfaceId,
          ...(event.data.ownInterface && { ownInterface: true }),
          boundAt: event.occurredAt,
        },
      }
    case 'BindingFailed':
      if (
        isListedNotFree(event.data.code) ||
        (isGone(event.data.code) && claim.address?.source === 'listed')
      ) {
        const search = { ...claim.search, inUse: [event.data.addressId] }
        return { ...settled, phase: 'Allocated', binding: null, search }
      }
      if (isGone(event.data.code)) {
        return { ...settled, phase: 'Allocated', binding: null, address: null, reclaim: 'AddressGone' }
      }
      if (isInstanceQuota(event.data.code)) {
        return {
          ...settled,
          phase: 'Allocated',
          binding: null,
          awaitingSlotOn: event.data.node,
          problem: problem(event, 'NodeQuotaExhausted', event.data.message),
        }
      }
      return {
        ...settled,
        phase: 'Allocated',
        binding: null,
        problem: problem(event, event.data.code, event.data.message, event.data),
      }
    case 'BindingAbandoned':
    case 'AddressUnbound':
      return { ...settled, phase: 'Allocated', binding: null }
    case 'AddressReleased':
      if (isSurplus(claim, event.data.addressId)) return withoutSurplus(settled, event.data.addressId)
      return { ...settled, address: null }
  }
}
