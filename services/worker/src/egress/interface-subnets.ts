import type { EipCloud } from '@pod-eip/cloud'
import type { Clock } from '@pod-eip/runtime'

/** Where a network interface is. */
export interface SubnetPlace {
  vpcId: string
  subnetId: string
}

/** Remembers the subnets of network interfaces, which they hardly ever change. */
export interface InterfaceSubnets {
  /** Those of these that are known; what is not is looked up now. Interfaces that are not asked for are forgotten. */
  of(networkInterfaceIds: Iterable<string>): Promise<ReadonlyMap<string, SubnetPlace>>
}

/** An interface is looked up anew this long after, ms; one that was not found sooner. */
const rememberMs = 3_600_000
const missingMs = 60_000
/** Interfaces in one question: more wait for the next, so that a restart of many Pods does not crowd out bindings. */
const atOnce = 100

export function createInterfaceSubnets({
  cloud,
  clock,
}: {
  cloud: Pick<EipCloud, 'describeNetworkInterfaces'>
  clock: Pick<Clock, 'now'>
}): InterfaceSubnets {
  const places = new Map<string, SubnetPlace>()
  const dueAt = new Map<string, number>()

  return {
    async of(networkInterfaceIds) {
      const wanted = new Set(networkInterfaceIds)
      for (const id of dueAt.keys()) {
        if (wanted.has(id)) continue
        dueAt.delete(id)
        places.delete(id)
      }
      const due = [...wanted].filter((id) => (dueAt.get(id) ?? 0) <= clock.now()).slice(0, atOnce)
      if (due.length > 0) {
        const found = await cloud.describeNetworkInterfaces({ networkInterfaceIds: due })
        for (const id of due) dueAt.set(id, clock.now() + missingMs)
        for (const { networkInterfaceId, vpcId, subnetId } of found) {
          places.set(networkInterfaceId, { vpcId, subnetId })
          dueAt.set(networkInterfaceId, clock.now() + rememberMs)
        }
      }
      return places
    },
  }
}
