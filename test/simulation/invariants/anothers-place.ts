import type { ControlPlane } from '../stage/control-plane.ts'
import { eventsOf } from './events-of.ts'
import type { Invariant } from './invariant.ts'

/**
 * An EIP of ours that somebody has bound to the address of another Pod is not unbound there: that Pod may use it. Where
 * its own claim was once to be bound to that very address, nobody can tell whose doing it is, and nothing is said.
 */
export const anothersPlace: Invariant = {
  name: "I4 another Pod's place",
  onCloudChange({ addressId, event, requestId, binding }, { stage, plane, say }) {
    if (event !== 'unbind-started' || requestId === null || stage.somebodyActs()) return
    const place = stage.atAnothersPlace.get(addressId)
    if (!place || binding?.networkInterfaceId !== place.networkInterfaceId) return
    if (binding.privateIpAddress !== place.privateIp || wasOrderedTo(place.privateIp, addressId, plane))
      return
    say('I4', `${addressId} was unbound from ${place.privateIp}, where somebody had bound it for another Pod`)
  },
}

function wasOrderedTo(privateIp: string, addressId: string, plane: ControlPlane): boolean {
  const orders = eventsOf(plane, 'BindingDecided').map(({ data }) => data)
  const claims = new Set(orders.filter((o) => o.addressId === addressId).map(({ claim }) => claim))
  return orders.some((order) => claims.has(order.claim) && order.privateIp === privateIp)
}
