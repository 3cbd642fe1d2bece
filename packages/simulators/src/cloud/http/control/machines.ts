import * as z from 'zod'
import { type ControlRoute, doing, regionOf } from './control-route.ts'

const instanceSchema = z.strictObject({
  instanceId: z.string().min(1),
  cpu: z.number().positive(),
  hasPublicIp: z.boolean().optional(),
})

const networkInterfaceSchema = z.strictObject({
  networkInterfaceId: z.string().min(1),
  vpcId: z.string().optional(),
  subnetId: z.string().optional(),
  instanceId: z.string().nullable().optional(),
  primary: z.boolean().optional(),
  privateIps: z.array(z.ipv4()).optional(),
})

/** CVMs and their network interfaces, as nodes and their Pods have them. */
export const machineRoutes: readonly ControlRoute[] = [
  doing('PUT', '/instances', 'creates or changes a CVM: {instanceId, cpu, hasPublicIp?}', (request) => {
    const { hasPublicIp, ...instance } = instanceSchema.parse(request.body)
    regionOf(request).upsertInstance({ ...instance, ...(hasPublicIp !== undefined && { hasPublicIp }) })
  }),
  doing('DELETE', '/instances/:id', 'removes a CVM with its network interfaces', (request) => {
    regionOf(request).removeInstance(request.path.id!)
  }),
  doing(
    'PUT',
    '/network-interfaces',
    'creates or changes one: {networkInterfaceId, vpcId?, subnetId?, instanceId?, primary?, privateIps?}',
    (request) => {
      const { networkInterfaceId, ...fields } = networkInterfaceSchema.parse(request.body)
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
      regionOf(request).upsertNetworkInterface({ networkInterfaceId, ...given })
    },
  ),
  doing('DELETE', '/network-interfaces/:id', 'removes it; EIPs on it are unbound', (request) => {
    regionOf(request).removeNetworkInterface(request.path.id!)
  }),
  doing('PUT', '/network-interfaces/:id/private-ips/:ip', 'gives it one more private address', (request) => {
    regionOf(request).assignPrivateIp(request.path.id!, z.ipv4().parse(request.path.ip))
  }),
  doing(
    'DELETE',
    '/network-interfaces/:id/private-ips/:ip',
    'takes the private address away; an EIP on it is unbound',
    (request) => {
      regionOf(request).removePrivateIp(request.path.id!, request.path.ip!)
    },
  ),
]
