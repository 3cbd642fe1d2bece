import type { DomainEvent } from '../events/event.ts'
import { noSearch } from '../listing/search.ts'
import type { Claim, ClaimPod } from './claim.ts'

/**
 * The claim as cloud and cluster prove it. Its Pod counts as alive until the watcher has seen it, or a complete list
 * lacks it: nothing is taken from it because an older log missed it.
 */
export function recovered(claim: Claim, event: DomainEvent<'ClaimRecovered'>): Claim {
  const { generation, address, binding, terms } = event.data
  // Over it stays; only the call that it waited for is off.
  if (claim.phase === 'Released' && !address) {
    return { ...claim, generation: Math.max(claim.generation, generation), intent: null, problem: null }
  }
  const same = claim.generation === generation && claim.phase !== 'Released'
  const begun: Claim = same
    ? claim
    : {
        ...claim,
        ...{ generation, terms: null, judged: null, reclaim: null, retained: null },
        ...{ lastPrivateIp: '', lastNetworkInterfaceId: '', openedAt: event.occurredAt },
      }
  const kept = begun.retained !== null && address?.id === claim.address?.id && binding === null
  return {
    ...begun,
    phase: binding ? 'Bound' : kept ? 'Retained' : address ? 'Allocated' : 'Pending',
    pod: podOf(claim, event),
    // The guard held what an older list lacked; whether the Pod is there is proved anew.
    hold: null,
    terms: begun.terms ?? terms,
    problem: null,
    address,
    search: noSearch,
    surplus: claim.surplus.filter(({ id }) => id !== address?.id),
    allocateAtMost: null,
    binding: binding && {
      ...{ id: binding.id, podUid: binding.podUid, node: binding.node, privateIp: binding.privateIp },
      ...{ networkInterfaceId: binding.networkInterfaceId, boundAt: binding.boundAt },
    },
    ...(binding && {
      lastPrivateIp: binding.privateIp,
      lastNetworkInterfaceId: binding.networkInterfaceId,
    }),
    intent: null,
    retained: kept ? begun.retained : null,
    awaitingSlotOn: null,
    slotHolders: null,
    // What it was to give back is back already, or is another's.
    reclaim: claim.address && !address ? 'AddressGone' : address ? null : begun.reclaim,
  }
}

function podOf(
  { pod: known }: Claim,
  { data, correlationId }: DomainEvent<'ClaimRecovered'>,
): ClaimPod | null {
  const { pod } = data
  if (!pod) return null
  if (known?.uid === pod.uid) {
    // Whose end was seen does not live again, and the watcher would not tell of it once more.
    const ended = known.ended?.reason === 'Missed' ? null : known.ended
    return { ...known, node: pod.node, privateIp: pod.privateIp, ended }
  }
  return {
    ...{ uid: pod.uid, node: pod.node, privateIp: pod.privateIp },
    // Older than whatever the watcher will see of it.
    resourceVersion: '0',
    ...{ request: null, hostNetwork: false, controller: null, terminating: false, ended: null },
    correlationId,
  }
}
