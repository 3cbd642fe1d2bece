import { eipLimit } from '@pod-eip/domain'
import { foreignName, region, type Stage } from '../stage/stage.ts'
import type { Invariant } from './invariant.ts'

/**
 * No node has more EIPs of ours than its limit, counted in the cloud and not in our own books. And who waits for a
 * slot waits for a reason: the place is taken, by us or by others.
 */
export const nodeQuota: Invariant = {
  name: 'I5 quota',
  onCloudChange(entry, { stage, say }) {
    if (entry.event !== 'bound' && entry.event !== 'bind-started') return
    for (const { instanceId, limit, ours } of placesOf(stage).values()) {
      if (ours > limit) say('I5', `${instanceId} has ${ours} EIPs of ours, its limit is ${limit}`)
    }
  },
  atRest({ stage, claims, say }) {
    const places = placesOf(stage)
    for (const claim of claims) {
      if (claim.problem?.reason !== 'NodeQuotaExhausted' || claim.awaitingSlotOn === null) continue
      const place = places.get(claim.awaitingSlotOn)
      if (place && place.ours + place.theirs < place.limit) {
        say(
          'I5',
          `${claim.key} waits for a slot on ${place.instanceId}, which has ${place.ours} EIPs of ours and ${place.theirs} of others and may have ${place.limit}`,
        )
      }
    }
  },
}

/** What each node that has a CVM may have beside its own public address, and has. */
function placesOf(stage: Stage) {
  const world = stage.cloud.region({ region })
  const instanceOf = new Map(world.networkInterfaces().map((i) => [i.networkInterfaceId, i.instanceId]))
  const bound = world.addresses().flatMap(({ addressId, addressName, binding }) => {
    const instanceId = binding && instanceOf.get(binding.networkInterfaceId)
    const onOwnAddress = binding?.byInstance ?? false
    // One of ours that somebody bound to another Pod takes a place as those of others do.
    const place = stage.atAnothersPlace.get(addressId)
    const moved =
      place?.networkInterfaceId === binding?.networkInterfaceId &&
      place?.privateIp === binding?.privateIpAddress
    const foreign = addressName === foreignName || moved
    return instanceId && !onOwnAddress ? [{ instanceId, foreign }] : []
  })
  const cpus = new Map(world.instances().map((i) => [i.instanceId, i.cpu]))
  return new Map(
    stage.controllers.networkState().map(({ nodeName, instanceId }) => {
      const here = bound.filter((b) => b.instanceId === instanceId)
      const theirs = here.filter((b) => b.foreign).length
      const limit = eipLimit(cpus.get(instanceId) ?? 1)
      return [nodeName, { instanceId, limit, theirs, ours: here.length - theirs }]
    }),
  )
}
