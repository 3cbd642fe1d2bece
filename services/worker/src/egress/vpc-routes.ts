import type { EipCloud, RouteTable } from '@pod-eip/cloud'
import { natRoutes } from '@pod-eip/domain'
import type { Clock } from '@pod-eip/runtime'
import type { SeenEgress } from './egress-news.ts'
import type { SubnetPlace } from './interface-subnets.ts'

/** What the route tables of VPCs do to the traffic of their subnets, as it was some minutes ago at most. */
export interface VpcRoutes {
  /** Reads the tables of the VPCs of these subnets, where that is due. @throws CloudError */
  read(places: Iterable<SubnetPlace>): Promise<void>
  /** `null` while the subnet's table is not known. */
  of(place: SubnetPlace): SeenEgress | null
}

/** One call of the cloud for each VPC this often, ms. */
const everyMs = 300_000
/** A subnet that no table has may have just come: sooner, ms. So is tried again what went wrong. */
const soonMs = 60_000

export function createVpcRoutes({
  cloud,
  clock,
}: {
  cloud: Pick<EipCloud, 'describeRouteTables'>
  clock: Pick<Clock, 'now'>
}): VpcRoutes {
  const bySubnet = new Map<string, SeenEgress>()
  const askedAt = new Map<string, number>()
  const readAt = new Map<string, number>()

  function isDue({ vpcId, subnetId }: SubnetPlace): boolean {
    const asked = askedAt.get(vpcId) ?? Number.NEGATIVE_INFINITY
    const fresh = (readAt.get(vpcId) ?? Number.NEGATIVE_INFINITY) === asked && bySubnet.has(subnetId)
    return clock.now() - asked >= (fresh ? everyMs : soonMs)
  }

  function keep(tables: RouteTable[]): void {
    for (const { routeTableId, subnetIds, routes } of tables) {
      const found = natRoutes(routes)
      for (const subnetId of subnetIds) bySubnet.set(subnetId, { subnetId, routeTableId, natRoutes: found })
    }
  }

  return {
    async read(places) {
      const due = new Set([...places].filter(isDue).map(({ vpcId }) => vpcId))
      for (const vpcId of due) {
        askedAt.set(vpcId, clock.now())
        keep(await cloud.describeRouteTables({ vpcId }))
        readAt.set(vpcId, askedAt.get(vpcId)!)
      }
    },
    of: ({ subnetId }) => bySubnet.get(subnetId) ?? null,
  }
}
