import { isSurplus } from '../claim/allocation.ts'
import type { Claim } from '../claim/claim.ts'
import { refusalTold } from '../claim/problem.ts'
import type { BoundPlace, Drift } from '../events/cloud-events.ts'
import type { DomainEvent } from '../events/event.ts'

/**
 * What somebody did to the claim's EIP counts while the claim is as it was when that was found. The claim then asks
 * for what it lacks: another binding, or another EIP.
 */
export function drifted(claim: Claim, event: DomainEvent<'AddressDrifted'>): Claim {
  const { generation, addressId, source, binding, drift } = event.data
  const same = claim.generation === generation && claim.address?.id === addressId
  if (!same || claim.intent !== null || (claim.binding?.id ?? null) !== (binding?.id ?? null)) return claim
  // The user may do with his own as he likes while nobody has it.
  if (claim.phase === 'Retained' && source === 'listed') return claim
  if (!binding && drift.kind !== 'Released' && source === 'auto') {
    return { ...claim, takenTo: placeOf(drift) }
  }
  const unbound: Claim = { ...claim, binding: null, problem: refusalTold(claim) }
  if (claim.phase === 'Bound') unbound.phase = 'Allocated'
  // One of the user's is looked up before it is bound again: he may have put it to another use, or released it.
  if (source === 'listed') {
    return drift.kind === 'Unbound'
      ? unbound
      : { ...unbound, search: { ...claim.search, inUse: [addressId] } }
  }
  return drift.kind === 'Released'
    ? { ...unbound, phase: 'Allocated', address: null, retained: null, reclaim: 'AddressGone' }
    : { ...unbound, takenTo: placeOf(drift) }
}

/** Where it is now; `null` when it is bound to nothing any more. */
function placeOf(drift: Exclude<Drift, { kind: 'Released' }>): BoundPlace | null {
  if (drift.kind === 'Unbound') return null
  const { instanceId, networkInterfaceId, privateIp } = drift
  return { instanceId, networkInterfaceId, privateIp }
}

/** An EIP of ours in nobody's hands goes back by way of the claim that it was allocated for. */
export function withOrphan(claim: Claim, { data }: DomainEvent<'OrphanFound'>): Claim {
  const { addressId: id, publicIp, allocationId } = data
  if (claim.address?.id === id || isSurplus(claim, id)) return claim
  return { ...claim, surplus: [...claim.surplus, { source: 'auto', id, publicIp, allocationId }] }
}
