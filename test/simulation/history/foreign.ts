import { region } from '../stage/stage.ts'
import type { Act } from './act.ts'

const bindForeign: Act = ({ stage, random, pick }) => {
  const world = stage.cloud.region({ region })
  const instance = pick(world.instances())
  if (!instance) return null
  const place = random.next() < 0.3 ? 'own-address' : 'own-interface'
  try {
    const addressId = world.bindForeignAddress(instance.instanceId, place)
    stage.foreignEips.add(addressId)
    return `somebody binds ${addressId} on ${instance.instanceId}, ${place}`
  } catch {
    // The CVM is full.
    return null
  }
}

const unbindForeign: Act = ({ stage, pick }) => {
  const world = stage.cloud.region({ region })
  const bound = world
    .addresses()
    .filter(({ addressId, status }) => stage.foreignEips.has(addressId) && status.startsWith('BIND'))
    .filter(({ status }) => status !== 'BINDING')
  const address = pick(bound)
  if (!address) return null
  world.unbindForeignAddress(address.addressId)
  return `somebody unbinds ${address.addressId}`
}

/** Others of the account bind EIPs of theirs on the nodes' CVMs, and unbind them. */
export const foreignActs: readonly Act[] = [bindForeign, unbindForeign]
