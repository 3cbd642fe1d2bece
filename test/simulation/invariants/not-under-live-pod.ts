import { type Holding, livePod, splitClaimKey } from '@pod-eip/domain'
import { pods } from '@pod-eip/kube'
import type { ControlPlane } from '../stage/control-plane.ts'
import { eventsOf } from './events-of.ts'
import type { Invariant } from './invariant.ts'

/** Whether it was last unbound because the cluster is torn down. */
function isGivenBack(addressId: string, plane: ControlPlane): boolean {
  const last = eventsOf(plane, 'UnbindingDecided').findLast(({ data }) => data.addressId === addressId)
  return last?.data.cause === 'Teardown'
}

/** Nothing is unbound under a Pod that lives; and what is not kept goes back once its Pod has ended. */
export const notUnderLivePod: Invariant = {
  name: 'I6 reclaimed',
  onCloudChange(entry, { stage, plane, say }) {
    if (entry.requestId === null || entry.event !== 'unbind-started' || stage.somebodyActs()) return
    const privateIp = entry.binding?.privateIpAddress ?? ''
    const isOpen = (h: Holding) => h.addressId === entry.addressId && h.to === ''
    // What a restored log does not know was so all the same.
    const lost = plane.restores.at(-1)?.before.holdings.values().find(isOpen)
    const holding = plane.models.world.holdings.values().find(isOpen) ?? lost
    if (!holding || holding.privateIp !== privateIp) return
    const { namespace, name } = splitClaimKey(holding.claim)
    const pod = stage.kube.list(pods, { namespace }).items.find((p) => p.metadata.name === name)
    const alive =
      pod?.metadata.uid === holding.podUid &&
      pod.status?.podIP === privateIp &&
      !['Succeeded', 'Failed'].includes(pod.status?.phase)
    // A list that lacked it is believed for so many at once; see I8. The call can be under way when it is found again.
    const missed = () =>
      eventsOf(plane, 'PodEnded').some(
        ({ data }) => data.podUid === holding.podUid && data.reason === 'Missed',
      )
    if (alive && !missed() && !isGivenBack(entry.addressId, plane))
      say('I6', `${entry.addressId} was unbound from ${holding.claim}, whose Pod lives`)
  },
  atRest({ claims, plane, say }) {
    // Nobody looks at Pods any more.
    if (plane.running().length === 0) return
    for (const claim of claims) {
      if (!livePod(claim) && !['Released', 'Retained'].includes(claim.phase)) {
        say('I6', `${claim.key} has no Pod and is ${claim.phase}`)
      }
      if (claim.phase === 'Retained' && !claim.terms?.static) {
        say('I6', `${claim.key} is not static and is retained`)
      }
    }
  },
}
