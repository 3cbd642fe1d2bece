import type { DomainEvent } from '../events/event.ts'
import type { AutoAddress, Claim } from './claim.ts'

/** Most members of one allocation. The cloud's page names no limit; an account has 20 EIPs unless it asks for more. */
export const allocationSize = 20

/**
 * What an allocation brought for a claim: its EIP first. Whatever came beyond what was asked for is ours too and
 * is given back.
 */
export function withAllocated(claim: Claim, { data }: DomainEvent<'AllocationCompleted'>): Claim {
  const [address = null, ...surplus] = data.addresses.map(
    ({ addressId: id, publicIp }): AutoAddress => ({
      source: 'auto',
      id,
      publicIp,
      allocationId: data.allocationId,
    }),
  )
  return { ...claim, phase: 'Allocated', address, surplus, allocateAtMost: null }
}

/** After a split the halves are tried, and after another one each claim on its own. */
export function withSplit(claim: Claim, { data }: DomainEvent<'AllocationSplit'>): Claim {
  const halved = claim.allocateAtMost === null ? Math.ceil(data.members / 2) : 1
  return { ...claim, phase: 'Pending', allocateAtMost: halved }
}

/** Whether an address is one that came beyond what was asked for. */
export function isSurplus(claim: Claim, addressId: string): boolean {
  return claim.surplus.some((surplus) => surplus.id === addressId)
}

export function withoutSurplus(claim: Claim, addressId: string): Claim {
  return { ...claim, surplus: claim.surplus.filter((surplus) => surplus.id !== addressId) }
}
