import type { SimulatedNetworkInterface } from '../state/state.ts'
import { dropNetworkInterface, putNetworkInterface, type World } from '../state/world.ts'
import { unbindByCloud } from './tasks.ts'

export interface NetworkInterfaceInput {
  networkInterfaceId: string
  vpcId?: string
  subnetId?: string
  /** The CVM that it is attached to. */
  instanceId?: string | null
  primary?: boolean
  /** The whole list; addresses that are missing in it are taken away. Absent: as they are. */
  privateIps?: string[]
}

/** Creates the network interface or brings it to what is given; fields that are absent stay. */
export function upsertNetworkInterface(world: World, at: number, input: NetworkInterfaceInput): void {
  const before = world.region.networkInterfaces[input.networkInterfaceId]
  const after: SimulatedNetworkInterface = {
    vpcId: 'vpc-simulated',
    subnetId: 'subnet-simulated',
    instanceId: null,
    primary: false,
    privateIps: [],
    createdAt: at,
    ...before,
    ...Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined)),
    networkInterfaceId: input.networkInterfaceId,
  }
  for (const ip of after.privateIps) refuseTakenIp(world, after, ip)
  putNetworkInterface(world, at, { ...after, privateIps: [...new Set(after.privateIps)] })
  for (const ip of before?.privateIps ?? []) {
    if (!after.privateIps.includes(ip)) unbind(world, at, after.networkInterfaceId, ip)
  }
}

/** Removes the interface; EIPs on it are unbound, as the cloud does by itself. Unknown ones are fine. */
export function removeNetworkInterface(world: World, at: number, networkInterfaceId: string): void {
  const eni = world.region.networkInterfaces[networkInterfaceId]
  if (!eni) return
  dropNetworkInterface(world, at, networkInterfaceId)
  for (const ip of eni.privateIps) unbind(world, at, networkInterfaceId, ip)
}

/** Gives the interface one more private address; one that it has already is fine. */
export function assignPrivateIp(world: World, at: number, networkInterfaceId: string, ip: string): void {
  const eni = known(world, networkInterfaceId)
  if (eni.privateIps.includes(ip)) return
  refuseTakenIp(world, eni, ip)
  putNetworkInterface(world, at, { ...eni, privateIps: [...eni.privateIps, ip] })
}

/** Takes the private address away; an EIP on it is unbound. One that it does not have is fine. */
export function removePrivateIp(world: World, at: number, networkInterfaceId: string, ip: string): void {
  const eni = world.region.networkInterfaces[networkInterfaceId]
  if (!eni?.privateIps.includes(ip)) return
  putNetworkInterface(world, at, { ...eni, privateIps: eni.privateIps.filter((other) => other !== ip) })
  unbind(world, at, networkInterfaceId, ip)
}

function known(world: World, networkInterfaceId: string): SimulatedNetworkInterface {
  const eni = world.region.networkInterfaces[networkInterfaceId]
  if (!eni) throw new Error(`There is no network interface ${networkInterfaceId}: create it first`)
  return eni
}

function refuseTakenIp(world: World, eni: SimulatedNetworkInterface, ip: string): void {
  const owner = Object.values(world.region.networkInterfaces).find(
    (other) =>
      other.networkInterfaceId !== eni.networkInterfaceId &&
      other.vpcId === eni.vpcId &&
      other.privateIps.includes(ip),
  )
  if (owner) throw new Error(`${ip} is on ${owner.networkInterfaceId} already: remove it there first`)
}

function unbind(world: World, at: number, networkInterfaceId: string, ip: string): void {
  for (const address of Object.values(world.region.addresses)) {
    const { binding } = address
    if (binding?.networkInterfaceId === networkInterfaceId && binding.privateIpAddress === ip) {
      unbindByCloud(world, at, address)
    }
  }
}
