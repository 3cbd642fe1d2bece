import * as z from 'zod'
import { type ControlRoute, done, regionOf } from './control-route.ts'

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
  {
    method: 'PUT',
    pattern: '/instances',
    says: 'creates or changes a CVM: {instanceId, cpu, hasPublicIp?}',
    handle: (request) => {
      const { hasPublicIp, ...instance } = instanceSchema.parse(request.body)
      regionOf(request).upsertInstance({ ...instance, ...(hasPublicIp !== undefined && { hasPublicIp }) })
      return done
    },
  },
  {
    method: 'DELETE',
    pattern: '/instances/:id',
    says: 'removes a CVM with its network interfaces',
    handle: (request) => {
      regionOf(request).removeInstance(request.path.id!)
      return done
    },
  },
  {
    method: 'PUT',
    pattern: '/network-interfaces',
    says: 'creates or changes one: {networkInterfaceId, vpcId?, subnetId?, instanceId?, primary?, privateIps?}',
    handle: (request) => {
      const { networkInterfaceId, ...fields } = networkInterfaceSchema.parse(request.body)
      const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
      regionOf(request).upsertNetworkInterface({ networkInterfaceId, ...given })
      return done
    },
  },
  {
    method: 'DELETE',
    pattern: '/network-interfaces/:id',
    says: 'removes it; EIPs on it are unbound',
    handle: (request) => {
      regionOf(request).removeNetworkInterface(request.path.id!)
      return done
    },
  },
  {
    method: 'PUT',
    pattern: '/network-interfaces/:id/private-ips/:ip',
    says: 'gives it one more private address',
    handle: (request) => {
      regionOf(request).assignPrivateIp(request.path.id!, z.ipv4().parse(request.path.ip))
      return done
    },
  },
  {
    method: 'DELETE',
    pattern: '/network-interfaces/:id/private-ips/:ip',
    says: 'takes the private address away; an EIP on it is unbound',
    handle: (request) => {
      regionOf(request).removePrivateIp(request.path.id!, request.path.ip!)
      return done
    },
  },
]
