import type { EipCloud } from '@pod-eip/cloud'
import type { CloudSimulator, RegionControl } from '@pod-eip/simulators/cloud'
import { beforeEach, describe, expect, it } from 'vitest'
import { fails } from './eip-cloud-requests.ts'

interface Opened {
  cloud: EipCloud
  simulator: CloudSimulator
  region: RegionControl
}

/** The part of the contract about where the traffic of subnets goes. */
export function eipCloudRoutes(opened: () => Opened): void {
  describe('route tables', () => {
    let cloud: EipCloud
    let simulator: CloudSimulator
    let region: RegionControl
    beforeEach(() => {
      ;({ cloud, simulator, region } = opened())
      for (const subnetId of ['subnet-a', 'subnet-b']) {
        region.upsertNetworkInterface({ networkInterfaceId: `eni-${subnetId}`, vpcId: 'vpc-2', subnetId })
      }
    })

    it('show each subnet of the VPC once, with the routes that its traffic takes', async () => {
      region.putRouteTable({
        routeTableId: 'rtb-nat',
        vpcId: 'vpc-2',
        subnetIds: ['subnet-b'],
        routes: [
          { destinationCidrBlock: '0.0.0.0/0', gatewayType: 'NAT', gatewayId: 'nat-1' },
          { destinationCidrBlock: '203.0.113.0/24', gatewayType: 'EIP', gatewayId: '0', enabled: false },
        ],
      })
      region.putRouteTable({ routeTableId: 'rtb-other', vpcId: 'vpc-3', subnetIds: ['subnet-c'] })
      const tables = await cloud.describeRouteTables({ vpcId: 'vpc-2' })
      expect(tables.every(({ vpcId }) => vpcId === 'vpc-2')).toBe(true)
      const bySubnet = tables.flatMap(({ subnetIds, ...table }) =>
        subnetIds.map((id) => [id, table] as const),
      )
      expect(Object.fromEntries(bySubnet)).toMatchObject({
        'subnet-a': { routes: [] },
        'subnet-b': {
          routeTableId: 'rtb-nat',
          routes: [
            { destination: '0.0.0.0/0', gatewayType: 'NAT', gatewayId: 'nat-1', enabled: true },
            { destination: '203.0.113.0/24', gatewayType: 'EIP', gatewayId: '0', enabled: false },
          ],
        },
      })
      expect(bySubnet).toHaveLength(2)
    })

    it('are read to the last page', async () => {
      for (let n = 0; n < 150; n += 1) {
        region.putRouteTable({ routeTableId: `rtb-${n}`, vpcId: 'vpc-2', subnetIds: [`subnet-${n}`] })
      }
      const tables = await cloud.describeRouteTables({ vpcId: 'vpc-2' })
      expect(new Set(tables.map(({ routeTableId }) => routeTableId)).size).toBe(151)
    })

    it('of a VPC that is not there are none', async () => {
      expect(await cloud.describeRouteTables({ vpcId: 'vpc-none' })).toEqual([])
    })

    it('need a permission of their own', async () => {
      simulator.setAccount({ deniedActions: ['vpc:DescribeRouteTables'] })
      await fails('terminal', 'UnauthorizedOperation', () => cloud.describeRouteTables({ vpcId: 'vpc-2' }))
      await cloud.describeNetworkInterfaces({ vpcId: 'vpc-2' })
    })
  })
}
