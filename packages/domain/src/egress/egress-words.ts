import type { NatRoute } from '../events/cloud-events.ts'
import { list } from '../status/words.ts'

/** So many routes are named. */
const mostNamed = 3

/**
 * Whose source address what the Pod sends has, where a NAT gateway comes before the EIP, and what to do.
 * @param eip by its names, such as `EIP eip-0a1b2c3d (203.0.113.7)`
 */
export function natSentence(eip: string, routeTableId: string, routes: readonly NatRoute[]): string {
  const gateways = [...new Set(routes.map(({ natGatewayId }) => natGatewayId))]
  const destinations = routes.map(({ destination }) => destination)
  return `What the Pod sends to ${list(destinations.slice(0, mostNamed), destinations.length)} leaves by NAT gateway ${list(gateways.slice(0, mostNamed), gateways.length)} and not by ${eip}, because route table ${routeTableId} of its subnet says so; give the subnet a route table without that route, or one whose next hop is the public IP of the CVM (type EIP).`
}

export function noNatSentence(eip: string): string {
  return `No NAT gateway comes before ${eip} any more.`
}
