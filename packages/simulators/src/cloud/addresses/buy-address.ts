import { schemas } from '../requests/schemas.ts'
import { note, putAddress, type World } from '../state/world.ts'
import { newAddress } from './new-address.ts'

/**
 * A person of the account buys an EIP at the console: it is there at once, bound to nothing, without tags.
 * @param addressId as it is to be called; drawn when absent
 * @returns its id
 * @throws Error when there is, or was, an EIP of that id
 */
export function buyAddress(world: World, at: number, addressId?: string): string {
  if (addressId !== undefined && world.region.addressHistory[addressId]) {
    throw new Error(`There is an EIP ${addressId} already, or there was one: name another id`)
  }
  const request = schemas.AllocateAddresses.parse({ AddressName: 'bought-by-hand' })
  const drawn = newAddress(world, at, request)
  const address = putAddress(world, at, {
    ...drawn,
    addressId: addressId ?? drawn.addressId,
    status: 'UNBIND',
  })
  note(world, at, 'allocated', address, null)
  note(world, at, 'created', address, null)
  return address.addressId
}
