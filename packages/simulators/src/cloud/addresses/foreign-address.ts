import { schemas } from '../requests/schemas.ts'
import type { Binding, SimulatedAddress } from '../state/state.ts'
import { note, putAddress, type World } from '../state/world.ts'
import { removeNetworkInterface, upsertNetworkInterface } from './network-interfaces.ts'
import { newAddress } from './new-address.ts'
import { publicAddressPlaces } from './public-address-limit.ts'
import { unbindByCloud } from './tasks.ts'

/** Where on a CVM somebody binds an EIP of theirs. */
export type ForeignPlace = 'own-interface' | 'own-address'

/**
 * Somebody else allocates an EIP and binds it on the CVM, at once: to a network interface that they attach for
 * it, or to the CVM's own address.
 * @returns its id
 * @throws Error when there is no such CVM, no such address, or no place left on it
 */
export function bindForeignAddress(
  world: World,
  at: number,
  instanceId: string,
  place: ForeignPlace,
): string {
  const instance = world.region.instances[instanceId]
  if (!instance) throw new Error(`There is no instance ${instanceId}: create it first`)
  // As with every EIP that comes onto the CVM's own address.
  if (place === 'own-address') instance.hasPublicIp = false
  const places = publicAddressPlaces(world.region, instanceId)!
  if (places.held >= places.limit) {
    throw new Error(`${instanceId} has ${places.held} public addresses, which is all that it may have`)
  }
  const request = schemas.AllocateAddresses.parse({ AddressName: 'not-ours' })
  const created = newAddress(world, at, request)
  const binding =
    place === 'own-address' ? onOwnAddress(world, instanceId) : onNewInterface(world, at, instanceId, created)
  const { boundToInterface } = world.config
  const status = binding.byInstance ? 'BIND' : boundToInterface
  const address = putAddress(world, at, { ...created, status, binding })
  note(world, at, 'allocated', address, null)
  note(world, at, 'bound', address, null)
  return address.addressId
}

/** They unbind it again; the interface that was attached for it goes. */
export function unbindForeignAddress(world: World, at: number, addressId: string): void {
  const address = world.region.addresses[addressId]
  if (!address?.binding) throw new Error(`${addressId} is not bound`)
  const { networkInterfaceId, byInstance } = address.binding
  if (byInstance) unbindByCloud(world, at, address)
  else removeNetworkInterface(world, at, networkInterfaceId)
}

function onOwnAddress(world: World, instanceId: string): Binding {
  const primary = Object.values(world.region.networkInterfaces).find(
    (eni) => eni.instanceId === instanceId && eni.primary,
  )
  const privateIpAddress = primary?.privateIps[0]
  if (!primary || !privateIpAddress) throw new Error(`${instanceId} has no primary network interface`)
  const { networkInterfaceId } = primary
  const taken = Object.values(world.region.addresses).find(
    ({ binding }) =>
      binding?.networkInterfaceId === networkInterfaceId && binding.privateIpAddress === privateIpAddress,
  )
  if (taken) throw new Error(`${instanceId} has ${taken.addressId} on its own address already`)
  return { networkInterfaceId, privateIpAddress, instanceId, byInstance: true }
}

function onNewInterface(world: World, at: number, instanceId: string, address: SimulatedAddress): Binding {
  const networkInterfaceId = `eni-of-${address.addressId.slice('eip-'.length)}`
  // Link-local: no Pod and no CVM has one of these.
  const privateIpAddress = `169.254.${(address.number >> 8) & 255}.${address.number & 255}`
  upsertNetworkInterface(world, at, { networkInterfaceId, instanceId, privateIps: [privateIpAddress] })
  return { networkInterfaceId, privateIpAddress, instanceId, byInstance: false }
}
