import { eipLimit } from '@pod-eip/domain'
import { region } from '../stage/stage.ts'
import type { Invariant } from './invariant.ts'

/** No node has more EIPs than its limit, counted in the cloud and not in our own books. */
export const nodeQuota: Invariant = {
  name: 'I5 quota',
  onCloudChange(entry, { stage, say }) {
    if (entry.event !== 'bound' && entry.event !== 'bind-started') return
    const world = stage.cloud.region({ region })
    const cpus = new Map(world.instances().map((i) => [i.instanceId, i.cpu]))
    const instanceOf = new Map(world.networkInterfaces().map((i) => [i.networkInterfaceId, i.instanceId]))
    const counts = new Map<string, number>()
    for (const address of world.addresses()) {
      const instance = address.binding && instanceOf.get(address.binding.networkInterfaceId ?? '')
      if (instance) counts.set(instance, (counts.get(instance) ?? 0) + 1)
    }
    for (const [instance, count] of counts) {
      const limit = eipLimit(cpus.get(instance) ?? 1)
      if (count > limit) say('I5', `${instance} has ${count} EIPs, its limit is ${limit}`)
    }
  },
}
