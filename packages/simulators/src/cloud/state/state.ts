/** All that the simulated cloud remembers, as plain JSON. */
export interface CloudState {
  version: 1
  nextTaskId: number
  nextPublicIp: number
  nextLedgerEntry: number
  /** By uin. */
  accounts: Record<string, AccountState>
  /** What CAM does not allow a key, by SecretId, where that was changed since the start. */
  deniedByKey?: Record<string, string[]>
  /** By `<uin>/<region>`. */
  regions: Record<string, RegionState>
}

export interface AccountState {
  /** Without money nothing new can be allocated. */
  balanceInsufficient: boolean
  /** Actions that CAM allows no key of the account. */
  deniedActions: string[]
}

export interface RegionState {
  uin: string
  region: string
  /** By AddressId, oldest first. */
  addresses: Record<string, SimulatedAddress>
  /** By AddressId: what was true from when on; `null` once it is gone. For stale reads. */
  addressHistory: Record<string, Version<SimulatedAddress>[]>
  /** By NetworkInterfaceId. */
  networkInterfaces: Record<string, SimulatedNetworkInterface>
  networkInterfaceHistory: Record<string, Version<SimulatedNetworkInterface>[]>
  /** By RouteTableId; absent in the state of an earlier build. */
  routeTables?: Record<string, SimulatedRouteTable>
  /** By InstanceId. */
  instances: Record<string, SimulatedInstance>
  /** Those under way, by TaskId. */
  tasks: Record<string, Task>
  /** Those that ended, by TaskId, for a while. */
  finishedTasks: Record<string, { result: 'SUCCESS' | 'FAILED'; at: number }>
  /** By ClientToken. */
  clientTokens: Record<string, { at: number; addressIds: string[]; taskId: number }>
  applied: { day: string; count: number }
  /** When it was last looked for what can be forgotten. */
  sweptAt: number
  ledger: LedgerEntry[]
  closedBills: ClosedBill[]
}

export interface Version<T> {
  at: number
  value: T | null
}

export type AddressStatus =
  | 'CREATING'
  | 'UNBIND'
  | 'BINDING'
  | 'BIND'
  | 'BIND_ENI'
  | 'UNBINDING'
  | 'OFFLINING'

/** What an EIP is bound to, or on its way to or from. */
export interface Binding {
  networkInterfaceId: string
  privateIpAddress: string
  /** The CVM of the network interface. */
  instanceId: string | null
  /** Asked for by InstanceId rather than by network interface. */
  byInstance: boolean
}

export interface SimulatedAddress {
  addressId: string
  /** Counts addresses in the order of their creation. */
  number: number
  addressIp: string
  addressName: string
  status: AddressStatus
  binding: Binding | null
  internetServiceProvider: string
  internetChargeType: string
  /** Mbit/s. */
  bandwidth: number
  addressType: string
  bandwidthPackageId: string | null
  antiDDoSPackageId: string | null
  egress: string | null
  tags: { key: string; value: string }[]
  isArrears: boolean
  isBlocked: boolean
  deletionProtection: boolean
  createdAt: number
  /** Changes are refused until then, although the state would allow them. */
  settledAt: number
  meter: Meter
}

/** Time spent unbound (paid by the hour) and bound, up to `since`. */
export interface Meter {
  since: number
  unboundMs: number
  boundMs: number
}

export interface ClosedBill {
  addressId: string
  addressIp: string
  releasedAt: number
  unboundMs: number
  boundMs: number
}

export interface SimulatedNetworkInterface {
  networkInterfaceId: string
  vpcId: string
  subnetId: string
  instanceId: string | null
  primary: boolean
  /** The first is the primary address. */
  privateIps: string[]
  createdAt: number
}

export interface SimulatedRouteTable {
  routeTableId: string
  vpcId: string
  /** The VPC's default: it has every subnet that no other table has. */
  main: boolean
  subnetIds: string[]
  routes: SimulatedRoute[]
}

export interface SimulatedRoute {
  destinationCidrBlock: string
  /** NAT, EIP, CCN and so on, as the API names them. */
  gatewayType: string
  gatewayId: string
  enabled: boolean
}

export interface SimulatedInstance {
  instanceId: string
  cpu: number
  /** Its own public address counts against the limit as well. */
  hasPublicIp: boolean
}

export type TaskKind = 'create' | 'bind' | 'unbind' | 'release' | 'modify'

export interface Task {
  taskId: number
  kind: TaskKind
  addressIds: string[]
  dueAt: number
  willFail: boolean
  /** The request that asked for it; `null` when the cloud did so itself. */
  requestId: string | null
}

export type LedgerEvent =
  | 'allocated'
  | 'created'
  | 'create-failed'
  | 'bind-started'
  | 'bound'
  | 'bind-failed'
  | 'unbind-started'
  | 'unbound'
  | 'unbind-failed'
  | 'release-started'
  | 'released'
  | 'release-failed'

/** One thing that happened to one address. */
export interface LedgerEntry {
  number: number
  at: number
  event: LedgerEvent
  addressId: string
  addressIp: string
  /** The request that asked for it; `null` when the cloud did so itself. */
  requestId: string | null
  /** Only with `allocated`. */
  clientToken: string | null
  binding: Binding | null
}

export function emptyState(): CloudState {
  return { version: 1, nextTaskId: 1, nextPublicIp: 1, nextLedgerEntry: 1, accounts: {}, regions: {} }
}

export function emptyRegion(uin: string, region: string): RegionState {
  return {
    uin,
    region,
    addresses: {},
    addressHistory: {},
    networkInterfaces: {},
    networkInterfaceHistory: {},
    instances: {},
    tasks: {},
    finishedTasks: {},
    clientTokens: {},
    applied: { day: '', count: 0 },
    sweptAt: 0,
    ledger: [],
    closedBills: [],
  }
}
