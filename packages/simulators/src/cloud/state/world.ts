import type { Ids, Random } from '@pod-eip/runtime'
import type { CloudConfig } from '../config.ts'
import { recordVersion } from './history.ts'
import {
  type CloudState,
  emptyRegion,
  type LedgerEntry,
  type RegionState,
  type SimulatedAddress,
  type SimulatedNetworkInterface,
} from './state.ts'

/** One region of one account, with what is needed to change it. */
export interface World {
  state: CloudState
  region: RegionState
  config: CloudConfig
  random: Random
  ids: Ids
}

/** The region's state; an account has every region, most of them empty. */
export function regionOf(state: CloudState, uin: string, region: string): RegionState {
  const key = `${uin}/${region}`
  state.regions[key] ??= emptyRegion(uin, region)
  return state.regions[key]
}

/** Saves the address as it is from `at` on, and counts the time it spent in its former state. */
export function putAddress(world: World, at: number, address: SimulatedAddress): SimulatedAddress {
  const { region, config } = world
  const before = region.addresses[address.addressId]
  const saved = { ...address, meter: before ? readMeter(before, at) : address.meter }
  region.addresses[address.addressId] = saved
  recordVersion(region.addressHistory, address.addressId, at, saved, config.historyMs)
  return saved
}

/** The address is gone; its bill is closed. */
export function dropAddress(world: World, at: number, address: SimulatedAddress): void {
  const { region, config } = world
  const { unboundMs, boundMs } = readMeter(address, at)
  delete region.addresses[address.addressId]
  recordVersion(region.addressHistory, address.addressId, at, null, config.historyMs)
  region.closedBills.push({
    addressId: address.addressId,
    addressIp: address.addressIp,
    releasedAt: at,
    unboundMs,
    boundMs,
  })
  region.closedBills.splice(0, region.closedBills.length - config.ledgerSize)
}

/** The meter up to `at`. An address that is bound, or not yet unbound, costs no IP fee; one not created neither. */
export function readMeter(address: SimulatedAddress, at: number) {
  const { since, unboundMs, boundMs } = address.meter
  const passed = Math.max(0, at - since)
  switch (address.status) {
    case 'CREATING':
      return { since: at, unboundMs, boundMs }
    case 'UNBIND':
    case 'BINDING':
    case 'OFFLINING':
      return { since: at, unboundMs: unboundMs + passed, boundMs }
    case 'BIND':
    case 'BIND_ENI':
    case 'UNBINDING':
      return { since: at, unboundMs, boundMs: boundMs + passed }
  }
}

export function putNetworkInterface(world: World, at: number, eni: SimulatedNetworkInterface): void {
  world.region.networkInterfaces[eni.networkInterfaceId] = eni
  recordVersion(world.region.networkInterfaceHistory, eni.networkInterfaceId, at, eni, world.config.historyMs)
}

export function dropNetworkInterface(world: World, at: number, networkInterfaceId: string): void {
  delete world.region.networkInterfaces[networkInterfaceId]
  recordVersion(world.region.networkInterfaceHistory, networkInterfaceId, at, null, world.config.historyMs)
}

/** Writes down what happened to the address. */
export function note(
  world: World,
  at: number,
  event: LedgerEntry['event'],
  address: SimulatedAddress,
  requestId: string | null,
  clientToken: string | null = null,
): void {
  const { region, state, config } = world
  region.ledger.push({
    number: state.nextLedgerEntry++,
    at,
    event,
    addressId: address.addressId,
    addressIp: address.addressIp,
    requestId,
    clientToken,
    binding: address.binding,
  })
  region.ledger.splice(0, region.ledger.length - config.ledgerSize)
}

export function drawDuration(world: World, kind: keyof CloudConfig['durations']): number {
  const [from, to] = world.config.durations[kind]
  return from + Math.floor(world.random.next() * (to - from + 1))
}
