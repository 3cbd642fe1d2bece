import { routeTables } from '../addresses/route-tables.ts'
import { ApiError } from '../requests/api-error.ts'
import type { Request } from '../requests/schemas.ts'
import type { SimulatedRouteTable } from '../state/state.ts'
import type { Answer, Call } from './call.ts'
import { type Matchers, matchesAll } from './reading.ts'

const matchers: Matchers<SimulatedRouteTable> = {
  'vpc-id': (table, values) => values.includes(table.vpcId),
  'route-table-id': (table, values) => values.includes(table.routeTableId),
  'association.main': (table, values) => values.includes(String(table.main)),
}

/** Lists route tables with their subnets and routes. */
export function describeRouteTables(call: Call, request: Request<'DescribeRouteTables'>): Answer {
  const { RouteTableIds, Filters = [], Offset, Limit, NeedRouterInfo } = request
  if (RouteTableIds && Filters.length > 0) {
    throw new ApiError(
      'InvalidParameter.Coexist',
      'The parameters `RouteTableIds` and `Filters` cannot be combined.',
    )
  }
  const found = routeTables(call)
    .filter((table) => !RouteTableIds?.length || RouteTableIds.includes(table.routeTableId))
    .filter((table) => matchesAll(table, Filters, matchers))
  return {
    TotalCount: found.length,
    RouteTableSet: found.slice(Offset, Offset + Limit).map((table) => present(table, NeedRouterInfo)),
  }
}

function present(
  { routeTableId, vpcId, main, subnetIds, routes }: SimulatedRouteTable,
  all: boolean,
): Answer {
  return {
    VpcId: vpcId,
    RouteTableId: routeTableId,
    RouteTableName: routeTableId,
    Main: main,
    AssociationSet: subnetIds.map((SubnetId) => ({ SubnetId, RouteTableId: routeTableId })),
    RouteSet: !all
      ? []
      : routes.map(({ destinationCidrBlock, gatewayType, gatewayId, enabled }, index) => ({
          DestinationCidrBlock: destinationCidrBlock,
          DestinationIpv6CidrBlock: '',
          GatewayType: gatewayType,
          GatewayId: gatewayId,
          RouteId: index + 1,
          RouteDescription: '',
          Enabled: enabled,
          RouteType: 'USER',
          RouteTableId: routeTableId,
        })),
  }
}
