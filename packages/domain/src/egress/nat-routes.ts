import type { NatRoute } from '../events/cloud-events.ts'
import { type Ipv4Block, lastOf, parseIpv4Block } from './ipv4-block.ts'

/** A route of a route table of the VPC, as far as the rule reads it. */
export interface VpcRoute {
  destination: string
  /** As Tencent Cloud names it: NAT is a public NAT gateway, EIP the public address of the CVM. */
  gatewayType: string
  gatewayId: string
  enabled: boolean
}

/**
 * The routes by which a NAT gateway takes what would else leave by an EIP: Tencent Cloud prefers the NAT gateway,
 * unless a route as narrow or narrower leads the same traffic elsewhere, such as to the EIP. In order of their
 * destinations.
 */
export function natRoutes(routes: readonly VpcRoute[]): NatRoute[] {
  const enabled = routes.flatMap((route) => {
    const block = route.enabled ? parseIpv4Block(route.destination) : null
    return block ? [{ ...route, block }] : []
  })
  return enabled
    .filter((route) => {
      const others = enabled.filter(
        (other) =>
          within(other.block, route.block) && (isNarrower(other, route) || other.gatewayType !== 'NAT'),
      )
      return route.gatewayType === 'NAT' && !isFilled(route.block, others)
    })
    .sort((a, b) => a.block.base - b.block.base || a.block.bits - b.block.bits)
    .map(({ gatewayId, destination }) => ({ natGatewayId: gatewayId, destination }))
}

interface Placed {
  block: Ipv4Block
}

function isNarrower(one: Placed, other: Placed): boolean {
  return one.block.bits > other.block.bits
}

function within(inner: Ipv4Block, outer: Ipv4Block): boolean {
  return inner.base >= outer.base && lastOf(inner) <= lastOf(outer)
}

/** Whether the others together hold every address of the block. */
function isFilled(block: Ipv4Block, others: Placed[]): boolean {
  let next = block.base
  for (const other of others.map((one) => one.block).sort((a, b) => a.base - b.base)) {
    if (other.base > next) return false
    next = Math.max(next, lastOf(other) + 1)
  }
  return next > lastOf(block)
}
