import type { SimulatedRoute, SimulatedRouteTable } from '../state/state.ts'
import type { World } from '../state/world.ts'

export interface RouteTableInput {
  routeTableId: string
  vpcId?: string
  subnetIds?: string[]
  routes?: (Omit<SimulatedRoute, 'enabled'> & { enabled?: boolean })[]
}

/** Creates the route table or replaces it; a subnet has one table. */
export function putRouteTable({ region }: World, input: RouteTableInput): void {
  const { routeTableId, vpcId = 'vpc-simulated', subnetIds = [], routes = [] } = input
  region.routeTables ??= {}
  for (const other of Object.values(region.routeTables)) {
    if (other.vpcId === vpcId) other.subnetIds = other.subnetIds.filter((id) => !subnetIds.includes(id))
  }
  region.routeTables[routeTableId] = {
    ...{ routeTableId, vpcId, main: false },
    subnetIds: [...new Set(subnetIds)],
    routes: routes.map((route) => ({ enabled: true, ...route })),
  }
}

/** Removes it; unknown ones are fine. */
export function removeRouteTable({ region }: World, routeTableId: string): void {
  delete region.routeTables?.[routeTableId]
}

/** The region's route tables: those that were made, and for each VPC its default, which has all other subnets. */
export function routeTables({ region }: World): SimulatedRouteTable[] {
  const made = Object.values(region.routeTables ?? {})
  const subnets = Map.groupBy(Object.values(region.networkInterfaces), (eni) => eni.vpcId)
  const vpcs = [...new Set([...subnets.keys(), ...made.map((table) => table.vpcId)])].sort()
  const defaults = vpcs.map((vpcId) => {
    const taken = new Set(made.filter((table) => table.vpcId === vpcId).flatMap((table) => table.subnetIds))
    const all = new Set((subnets.get(vpcId) ?? []).map((eni) => eni.subnetId))
    const subnetIds = [...all].filter((id) => !taken.has(id)).sort()
    return {
      routeTableId: `rtb-default-${vpcId.replace(/^vpc-/, '')}`,
      vpcId,
      main: true,
      subnetIds,
      routes: [],
    }
  })
  return [...defaults, ...made]
}
