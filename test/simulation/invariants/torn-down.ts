import { livePod } from '@pod-eip/domain'
import type { Invariant } from './invariant.ts'

/**
 * EIPs are given back because the cluster is torn down as long as there is an order to do so. In the end nothing that
 * was created for the cluster is left, and whoever asks is told why there is none.
 */
export const tornDown: Invariant = {
  name: 'I1 torn down',
  atRest({ events, addresses, claims, stage, plane, say }) {
    let ordered = false
    for (const event of events) {
      if (event.type === 'TeardownOrdered') ordered = true
      if (event.type === 'TeardownCancelled') ordered = false
      const gives = ['UnbindingDecided', 'ReleaseDecided', 'ListedAddressGivenBack'].includes(event.type)
      const asked = gives && 'cause' in event.data && event.data.cause === 'Teardown'
      if (asked && !ordered) say('I3', `${event.type} without an order: ${event.position}`)
      const begins = event.type === 'AllocationDecided' || event.type === 'BindingDecided'
      if (begins && ordered) say('I1', `${event.type} in a cluster that is torn down: ${event.position}`)
    }
    if (!plane.tornDown()) return
    for (const id of addresses.keys()) {
      if (!stage.foreignEips.has(id) && !stage.listedEips.includes(id)) say('I1', `${id} is left`)
    }
    for (const claim of claims) {
      if (claim.address) say('I1', `${claim.key} has ${claim.address.id}`)
      if (plane.running().length === 0 || !livePod(claim)?.request) continue
      const reason = claim.judged?.refusal?.reason
      if (reason !== 'ClusterTornDown') say('I9', `${claim.key} is told ${reason} and not ClusterTornDown`)
    }
  },
}
