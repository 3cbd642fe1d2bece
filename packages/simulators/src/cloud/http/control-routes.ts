import * as z from 'zod'
import { faultSchema } from '../faults/fault.ts'
import type { CloudSimulator } from '../simulator.ts'

/** What a control route gets. */
export interface ControlRequest {
  simulator: CloudSimulator
  /** The parts of the path that the pattern leaves open. */
  path: Record<string, string>
  query: URLSearchParams
  body: unknown
}

export interface ControlRoute {
  method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE'
  /** Below `/_sim`; `:name` stands for one part. */
  pattern: string
  /** One line for whoever asks `GET /_sim`. */
  says: string
  handle(request: ControlRequest): unknown
}

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

const buySchema = z.strictObject({
  addressIds: z
    .array(z.string().regex(/^eip-[0-9a-z]+$/, 'is no id of an EIP, such as eip-0a1b2c3d'))
    .min(1)
    .max(100)
    .optional(),
})
const foreignSchema = z.strictObject({ place: z.enum(['own-interface', 'own-address']).optional() })

const marksSchema = z.strictObject({
  isArrears: z.boolean().optional(),
  isBlocked: z.boolean().optional(),
  deletionProtection: z.boolean().optional(),
})

const accountSchema = z.strictObject({
  balanceInsufficient: z.boolean().optional(),
  deniedActions: z.array(z.string()).optional(),
})

const regionOf = ({ simulator, query }: ControlRequest) => {
  const account = query.get('account')
  const region = query.get('region')
  return simulator.region({ ...(account && { account }), ...(region && { region }) })
}

const done = { ok: true }

/** Everything that can be seen and done beside the API; `?account=` and `?region=` choose where. */
export const controlRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    pattern: '',
    says: 'this list',
    handle: () => controlRoutes.map(({ method, pattern, says }) => `${method} /_sim${pattern}: ${says}`),
  },
  {
    method: 'GET',
    pattern: '/state',
    says: 'addresses, network interfaces, instances and quotas of the region',
    handle: (request) => {
      const region = regionOf(request)
      return {
        addresses: region.addresses(),
        networkInterfaces: region.networkInterfaces(),
        instances: region.instances(),
        quotas: region.quotas(),
      }
    },
  },
  {
    method: 'GET',
    pattern: '/ledger',
    says: 'what happened to the addresses, in order; ?addressId= and ?after=<number> narrow it',
    handle: (request) => {
      const addressId = request.query.get('addressId')
      return regionOf(request).ledger({
        ...(addressId && { addressId }),
        after: z.coerce.number().parse(request.query.get('after') ?? 0),
      })
    },
  },
  {
    method: 'GET',
    pattern: '/billing',
    says: 'seconds unbound and bound, and the IP fee, of every address held or released',
    handle: (request) => regionOf(request).billing(),
  },
  {
    method: 'GET',
    pattern: '/config',
    says: 'quotas, durations, rate limits and the rest; without the accounts',
    handle: ({ simulator }) => withoutAccounts(simulator.config),
  },
  {
    method: 'PATCH',
    pattern: '/config',
    says: 'changes quotas, durations, rateLimits, clientTokenMs, staleReadMs or boundToInterface',
    handle: ({ simulator, body }) => withoutAccounts(simulator.configure(body as object)),
  },
  {
    method: 'GET',
    pattern: '/faults',
    says: 'the faults that are switched on',
    handle: ({ simulator }) => simulator.faults.list(),
  },
  {
    method: 'POST',
    pattern: '/faults',
    says: 'switches a fault on: {kind, action?, probability?, count?, ...}; see README.md',
    handle: ({ simulator, body }) => simulator.faults.add(faultSchema.parse(body)),
  },
  {
    method: 'DELETE',
    pattern: '/faults',
    says: 'switches all faults off',
    handle: ({ simulator }) => {
      simulator.faults.clear()
      return done
    },
  },
  {
    method: 'DELETE',
    pattern: '/faults/:id',
    says: 'switches one fault off',
    handle: ({ simulator, path }) => ({ ok: simulator.faults.remove(path.id!) }),
  },
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
    method: 'POST',
    pattern: '/instances/:id/foreign-eips',
    says: "somebody else binds an EIP of theirs on the CVM: {place?: 'own-interface' | 'own-address'}",
    handle: (request) => {
      const { place } = foreignSchema.parse(request.body ?? {})
      return { addressId: regionOf(request).bindForeignAddress(request.path.id!, place) }
    },
  },
  {
    method: 'DELETE',
    pattern: '/foreign-eips/:id',
    says: 'they unbind it again',
    handle: (request) => {
      regionOf(request).unbindForeignAddress(request.path.id!)
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
  {
    method: 'POST',
    pattern: '/addresses',
    says: 'somebody buys EIPs at the console, with these ids or one with an id that is drawn: {addressIds?}',
    handle: (request) => {
      const { addressIds } = buySchema.parse(request.body ?? {})
      const region = regionOf(request)
      return { addressIds: (addressIds ?? [undefined]).map((id) => region.buyAddress(id)) }
    },
  },
  {
    method: 'PATCH',
    pattern: '/addresses/:id',
    says: 'marks an EIP: {isArrears?, isBlocked?, deletionProtection?}',
    handle: (request) => {
      const marks = Object.entries(marksSchema.parse(request.body)).filter(([, value]) => value !== undefined)
      regionOf(request).markAddress(request.path.id!, Object.fromEntries(marks))
      return done
    },
  },
  {
    method: 'PATCH',
    pattern: '/account',
    says: 'changes ?account=: {balanceInsufficient?, deniedActions?}',
    handle: ({ simulator, query, body }) => {
      const change = Object.entries(accountSchema.parse(body)).filter(([, value]) => value !== undefined)
      return simulator.setAccount(Object.fromEntries(change), query.get('account') ?? undefined)
    },
  },
  {
    method: 'PUT',
    pattern: '/keys/:secretId/denied-actions',
    says: 'what CAM does not allow the key: ["AllocateAddresses", "vpc:*"]; [] allows everything',
    handle: ({ simulator, path, body }) => {
      simulator.denyKey(path.secretId!, z.array(z.string()).parse(body))
      return done
    },
  },
  {
    method: 'POST',
    pattern: '/reset',
    says: 'forgets everything, faults included',
    handle: ({ simulator }) => {
      simulator.reset()
      return done
    },
  },
]

function withoutAccounts({ accounts: _secrets, ...config }: CloudSimulator['config']) {
  return config
}
