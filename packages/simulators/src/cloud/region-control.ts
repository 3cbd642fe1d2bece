import type { Clock } from '@pod-eip/runtime'
import { quotaDay } from './actions/allocate-addresses.ts'
import { buyAddress } from './addresses/buy-address.ts'
import { bindForeignAddress, type ForeignPlace, unbindForeignAddress } from './addresses/foreign-address.ts'
import {
  assignPrivateIp,
  type NetworkInterfaceInput,
  removeNetworkInterface,
  removePrivateIp,
  upsertNetworkInterface,
} from './addresses/network-interfaces.ts'
import { putRouteTable, type RouteTableInput, removeRouteTable } from './addresses/route-tables.ts'
import type {
  LedgerEntry,
  RegionState,
  SimulatedAddress,
  SimulatedInstance,
  SimulatedNetworkInterface,
} from './state/state.ts'
import { putAddress, readMeter, type World } from './state/world.ts'

/** What can be said about an EIP from outside the API. */
export type AddressMarks = Partial<Pick<SimulatedAddress, 'isArrears' | 'isBlocked' | 'deletionProtection'>>

/** What one EIP cost so far. */
export interface Bill {
  addressId: string
  addressIp: string
  /** Milliseconds since the epoch; `null` while it is held. */
  releasedAt: number | null
  /** Paid by the hour. */
  unboundSeconds: number
  boundSeconds: number
  /** In yuan, by the second. */
  ipFee: number
}

/** One region of one account, beside the API: what surrounds the EIPs, and what became of them. */
export interface RegionControl {
  /** Creates or changes a CVM; its EIPs are limited by its CPUs from then on. */
  upsertInstance(instance: { instanceId: string; cpu: number; hasPublicIp?: boolean }): void
  /** Removes the CVM and its network interfaces. */
  removeInstance(instanceId: string): void
  /**
   * Somebody buys an EIP at the console, bound to nothing and without tags; its id is drawn when absent.
   * @returns its id
   * @throws Error when there is, or was, an EIP of that id
   */
  buyAddress(addressId?: string): string
  /**
   * Somebody else binds an EIP of theirs on the CVM, on an interface of its own or on the CVM's own address;
   * returns its id. @throws Error when the CVM has no place left
   */
  bindForeignAddress(instanceId: string, place?: ForeignPlace): string
  /** They unbind it again; the EIP stays theirs. @throws Error when it is not bound */
  unbindForeignAddress(addressId: string): void
  /** Creates the network interface or brings it to what is given; fields that are absent stay. */
  upsertNetworkInterface(eni: NetworkInterfaceInput): void
  /** Removes it; EIPs on it are unbound, as the cloud does by itself. */
  removeNetworkInterface(networkInterfaceId: string): void
  /** One more private address. @throws Error when another interface of the VPC has it. */
  assignPrivateIp(networkInterfaceId: string, ip: string): void
  /** Takes it away; an EIP on it is unbound. */
  removePrivateIp(networkInterfaceId: string, ip: string): void
  /** Creates the route table or replaces it. A subnet that another one of the VPC has goes over to it. */
  putRouteTable(table: RouteTableInput): void
  /** Removes it; its subnets go to the VPC's default. */
  removeRouteTable(routeTableId: string): void
  /** @throws Error when there is no such EIP. */
  markAddress(addressId: string, marks: AddressMarks): void
  addresses(): SimulatedAddress[]
  networkInterfaces(): SimulatedNetworkInterface[]
  instances(): SimulatedInstance[]
  quotas(): { total: { used: number; limit: number }; daily: { used: number; limit: number } }
  /** Everything that happened, in order; of one EIP when asked. */
  ledger(filter?: { addressId?: string; after?: number }): LedgerEntry[]
  /** Of every EIP that is held, and of the released ones. */
  billing(): Bill[]
}

export function createRegionControl(
  enter: () => World,
  clock: Pick<Clock, 'now'>,
  changed: () => void,
): RegionControl {
  const change = (apply: (world: World, now: number) => void) => {
    apply(enter(), clock.now())
    changed()
  }
  const read = <T>(of: (region: RegionState, world: World) => T): T => {
    const world = enter()
    return structuredClone(of(world.region, world))
  }

  return {
    upsertInstance: ({ instanceId, cpu, hasPublicIp = false }) =>
      change(({ region }) => {
        region.instances[instanceId] = { instanceId, cpu, hasPublicIp }
      }),
    removeInstance: (instanceId) =>
      change((world, now) => {
        delete world.region.instances[instanceId]
        for (const eni of Object.values(world.region.networkInterfaces)) {
          if (eni.instanceId === instanceId) removeNetworkInterface(world, now, eni.networkInterfaceId)
        }
      }),
    buyAddress: (addressId) => {
      const bought = buyAddress(enter(), clock.now(), addressId)
      changed()
      return bought
    },
    bindForeignAddress: (instanceId, place = 'own-interface') => {
      const addressId = bindForeignAddress(enter(), clock.now(), instanceId, place)
      changed()
      return addressId
    },
    unbindForeignAddress: (id) => change((world, now) => unbindForeignAddress(world, now, id)),
    upsertNetworkInterface: (eni) => change((world, now) => upsertNetworkInterface(world, now, eni)),
    removeNetworkInterface: (id) => change((world, now) => removeNetworkInterface(world, now, id)),
    assignPrivateIp: (id, ip) => change((world, now) => assignPrivateIp(world, now, id, ip)),
    removePrivateIp: (id, ip) => change((world, now) => removePrivateIp(world, now, id, ip)),
    putRouteTable: (table) => change((world) => putRouteTable(world, table)),
    removeRouteTable: (id) => change((world) => removeRouteTable(world, id)),
    markAddress: (addressId, marks) =>
      change((world, now) => {
        const address = world.region.addresses[addressId]
        if (!address) throw new Error(`There is no address ${addressId}`)
        putAddress(world, now, { ...address, ...marks })
      }),
    addresses: () => read((region) => Object.values(region.addresses)),
    networkInterfaces: () => read((region) => Object.values(region.networkInterfaces)),
    instances: () => read((region) => Object.values(region.instances)),
    quotas: () =>
      read((region, world) => ({
        total: { used: Object.keys(region.addresses).length, limit: world.config.quotas.total },
        daily: {
          used: region.applied.day === quotaDay(world, clock.now()) ? region.applied.count : 0,
          limit: world.config.quotas.daily,
        },
      })),
    ledger: ({ addressId, after = 0 } = {}) =>
      read((region) =>
        region.ledger.filter(
          (entry) => entry.number > after && (addressId === undefined || entry.addressId === addressId),
        ),
      ),
    billing: () =>
      read((region, world) => {
        const open = Object.values(region.addresses).map((address) => ({
          ...address,
          releasedAt: null,
          ...readMeter(address, clock.now()),
        }))
        return [...region.closedBills, ...open].map((bill) => ({
          addressId: bill.addressId,
          addressIp: bill.addressIp,
          releasedAt: bill.releasedAt,
          unboundSeconds: bill.unboundMs / 1000,
          boundSeconds: bill.boundMs / 1000,
          ipFee: (bill.unboundMs / 3_600_000) * world.config.hourlyFee,
        }))
      }),
  }
}
