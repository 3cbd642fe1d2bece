import * as z from 'zod'
import { type ControlRoute, doing, regionOf } from './control-route.ts'

const routeTableSchema = z.strictObject({
  routeTableId: z.string().min(1),
  vpcId: z.string().min(1).default('vpc-simulated'),
  subnetIds: z.array(z.string().min(1)).default(['subnet-simulated']),
  routes: z
    .array(
      z.strictObject({
        destinationCidrBlock: z.cidrv4().default('0.0.0.0/0'),
        gatewayType: z.string().min(1),
        gatewayId: z.string().default('0'),
        enabled: z.boolean().default(true),
      }),
    )
    .default([]),
})

/** Where the traffic of subnets goes. */
export const routeTableRoutes: readonly ControlRoute[] = [
  doing(
    'PUT',
    '/route-tables',
    'creates or replaces one: {routeTableId, vpcId?, subnetIds?, routes?: [{destinationCidrBlock?, gatewayType, gatewayId?, enabled?}]}',
    (request) => regionOf(request).putRouteTable(routeTableSchema.parse(request.body)),
  ),
  doing('DELETE', '/route-tables/:id', 'removes it; its subnets go to the default of the VPC', (request) => {
    regionOf(request).removeRouteTable(request.path.id!)
  }),
]
