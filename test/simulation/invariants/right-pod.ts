import { livePod } from '@pod-eip/domain'
import { pods } from '@pod-eip/kube'
import type { Invariant } from './invariant.ts'

/**
 * Whoever has a private address has the EIP on it: at rest each EIP that is bound sits on the address of the live Pod
 * of its claim, on that Pod's interface, and of no other, however quickly addresses were used again.
 */
export const rightPod: Invariant = {
  name: 'I2 the right Pod',
  atRest({ stage, claims, addresses, say }) {
    const claimOf = new Map(claims.flatMap((c) => (c.address ? [[c.address.id, c] as const] : [])))
    const held = stage.controllers.networkState().flatMap(({ pods: onNode }) => onNode)
    const podOf = new Map(held.map((h) => [`${h.eniId} ${h.privateIp}`, h.podUid]))
    for (const { addressId, binding } of addresses.values()) {
      if (!binding || binding.byInstance || stage.foreignEips.has(addressId)) continue
      const place = `${binding.networkInterfaceId} ${binding.privateIpAddress}`
      const claim = claimOf.get(addressId)
      const pod = claim ? livePod(claim) : null
      const there = podOf.get(place)
      if (there === undefined) say('I2', `${addressId} is bound at ${place}, where no Pod is`)
      else if (there !== pod?.uid) {
        say('I2', `${addressId} of ${claim?.key ?? 'nobody'} is bound at ${place}, where Pod ${there} is`)
      }
    }
    // A Pod that the cluster shows and the network does not know would make the check above blind.
    for (const pod of stage.kube.list(pods, { namespace: 'default' }).items) {
      if (!pod.status?.podIP || ['Succeeded', 'Failed'].includes(pod.status.phase)) continue
      if (!held.some((h) => h.podUid === pod.metadata.uid))
        say('stage', `${pod.metadata.name} has no network`)
    }
  },
}
