import { type Claim, livePod } from '../claim/claim.ts'
import type { BoundPlace, Drift } from '../events/cloud-events.ts'

/** An EIP as the cloud shows it. */
export interface ShownAddress {
  addressId: string
  status: string
  instanceId: string | null
  networkInterfaceId: string | null
  privateIpAddress: string | null
}

/** What the cloud shows may be a minute old: a claim counts once it has been in its phase for longer, in ms. */
const settledMs = 90_000

/**
 * How the claim's EIP differs from what the log says of it; `null` when it does not, or when that is no wonder: a
 * call of ours is under way or just done, the EIP is changing, or the Pod that it was bound to has ended.
 * @param shown the EIP in a complete answer of the cloud; `undefined` when that lacks it
 * @param now epoch ms
 */
export function driftOf(claim: Claim, shown: ShownAddress | undefined, now: number): Drift | null {
  const { address, binding, intent, phase } = claim
  if (!address || intent || phase === 'Released' || claim.reclaim) return null
  if (now - Date.parse(claim.phaseSince) < settledMs) return null
  const bound = phase === 'Bound' && binding !== null
  if (bound && livePod(claim)?.uid !== binding.podUid) return null
  if (!shown || shown.status === 'OFFLINING') {
    // One of the user's that is kept is looked up anyway before it is bound.
    return phase !== 'Retained' || address.source === 'auto' ? { kind: 'Released' } : null
  }
  const { instanceId, networkInterfaceId, privateIpAddress: privateIp } = shown
  const place = { instanceId, networkInterfaceId, privateIp }
  switch (shown.status) {
    case 'UNBIND':
      return bound || claim.takenTo ? { kind: 'Unbound' } : null
    case 'BIND':
    case 'BIND_ENI':
      return isKnownPlace(claim, place) ? null : { kind: 'BoundElsewhere', ...place }
    default:
      return null
  }
}

/** Whether the EIP is bound where the log has it: by us, or by somebody of whom that was told. */
function isKnownPlace({ phase, binding, takenTo }: Claim, place: BoundPlace): boolean {
  const { instanceId, networkInterfaceId, privateIp } = place
  if (phase !== 'Bound' || !binding) {
    return (
      takenTo !== null &&
      takenTo.privateIp === privateIp &&
      takenTo.networkInterfaceId === networkInterfaceId &&
      takenTo.instanceId === instanceId
    )
  }
  const interfaceKnown = binding.networkInterfaceId !== ''
  return (
    privateIp === binding.privateIp && (!interfaceKnown || networkInterfaceId === binding.networkInterfaceId)
  )
}
