import { type Claim, type NatRoute, newEvent } from '@pod-eip/domain'
import type { NewEvent } from '@pod-eip/event-log'
import type { Clock } from '@pod-eip/runtime'
import { toldOfClaim } from '../told-of-claim.ts'

/** What the route table of a subnet does to what is sent there. */
export interface SeenEgress {
  subnetId: string
  routeTableId: string
  natRoutes: NatRoute[]
}

/** The event for a claim that does not show this yet; `null` when there is nothing new. */
export function egressNews(claim: Claim, seen: SeenEgress, clock: Pick<Clock, 'now'>): NewEvent | null {
  const { key, generation, binding, address, egress } = claim
  if (!binding || !address) return null
  const known = egress ?? null
  // That no NAT gateway comes before the EIP is worth a word only where one did.
  if (seen.natRoutes.length === 0 && (known === null || known.natRoutes.length === 0)) return null
  if (known?.routeTableId === seen.routeTableId && sameRoutes(known.natRoutes, seen.natRoutes)) return null
  const about = { claim: key, generation, bindingId: binding.id, addressId: address.id }
  return toldOfClaim(newEvent('EgressSeen', { ...about, ...seen }), claim, 'egress', clock)
}

function sameRoutes(some: NatRoute[], others: NatRoute[]): boolean {
  return (
    some.length === others.length &&
    some.every(({ natGatewayId, destination }, index) => {
      const other = others[index]!
      return natGatewayId === other.natGatewayId && destination === other.destination
    })
  )
}

export function egressForgotten(claim: Claim, clock: Pick<Clock, 'now'>): NewEvent {
  const { key, generation, binding } = claim
  const event = newEvent('EgressUnwatched', { claim: key, generation, bindingId: binding?.id ?? '' })
  return toldOfClaim(event, claim, 'egress', clock)
}
