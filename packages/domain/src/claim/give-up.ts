import type { ReclaimCause } from '../events/decisions.ts'
import { newEvent } from '../events/event.ts'
import { goesWithOwner, isCollected } from './cascade.ts'
import type { AutoAddress, Claim, ClaimAddress, ListedAddress } from './claim.ts'
import {
  addressOf,
  type Decision,
  type DecisionContext,
  generationOf,
  type Surroundings,
} from './decision.ts'

/**
 * After its Pod: a static claim keeps its EIP until its time is over or its owner takes it along; any other gives
 * it back, and so does a deleted one.
 */
export function keepOrRelease(
  claim: Claim,
  address: ClaimAddress,
  { owner, teardown }: Pick<Surroundings, 'owner' | 'teardown'>,
  context: DecisionContext,
): Decision | null {
  const isStatic = claim.terms?.static === true
  if (teardown) return giveUp(claim, address, 'Teardown', context)
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

/** Decided for what was created for the claim, and for nothing else. */
export function release(
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

export function closeReclaimed(claim: Claim, cause: ReclaimCause): Decision | null {
  const { address } = claim
  if (!address) return close(claim, cause)
  return address.source === 'listed' ? giveBack(claim, address, cause) : null
}

export function close(claim: Claim, cause: ReclaimCause): Decision {
  return newEvent('ClaimClosed', {
    ...generationOf(claim),
    cause: isDeletedByPeople(claim) ? 'ManualReclaim' : cause,
    objectUid: claim.deletion?.objectUid ?? null,
  })
}
