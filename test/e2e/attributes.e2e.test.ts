import { beforeAll, expect, it } from 'vitest'
import { type PodOptions, podManifest } from './harness/manifests.ts'
import { onEveryCluster } from './harness/stage.ts'

const defaults = {
  internetServiceProvider: 'BGP',
  internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
  bandwidth: 100,
  addressType: 'EIP',
  bandwidthPackageId: null,
}
const superNode = 'eks.tke.cloud.tencent.com'

/** What a Pod writes, and what the cloud creates for it. */
const granted: Record<string, [PodOptions, object]> = {
  empty: [{ attributes: '' }, {}],
  braces: [{ attributes: '{}' }, {}],
  both: [{ attributes: { Bandwidth: '50', ISP: 'BGP' } }, { bandwidth: 50 }],
  'only-bandwidth': [{ attributes: { Bandwidth: '5' } }, { bandwidth: 5 }],
  ...Object.fromEntries(
    ['BGP', 'CMCC', 'CTCC', 'CUCC'].map((isp) => [
      `isp-${isp.toLowerCase()}`,
      [{ attributes: { ISP: isp } }, { internetServiceProvider: isp }],
    ]),
  ),
  'api-wins': [
    {
      attributes: {
        ...{ Bandwidth: '5', InternetMaxBandwidthOut: '70' },
        ...{ ISP: 'BGP', InternetServiceProvider: 'CMCC' },
      },
    },
    { bandwidth: 70, internetServiceProvider: 'CMCC' },
  ],
  'by-bandwidth': [
    { attributes: { InternetChargeType: 'BANDWIDTH_POSTPAID_BY_HOUR', InternetMaxBandwidthOut: 20 } },
    { internetChargeType: 'BANDWIDTH_POSTPAID_BY_HOUR', bandwidth: 20 },
  ],
  package: [
    { attributes: { ISP: 'CUCC', Bandwidth: '300', BandwidthPackageId: 'bwp-1', Egress: 'center_egress2' } },
    {
      ...{ internetServiceProvider: 'CUCC', internetChargeType: 'BANDWIDTH_PACKAGE', bandwidth: 300 },
      ...{ bandwidthPackageId: 'bwp-1', egress: 'center_egress2' },
    },
  ],
  anycast: [
    { attributes: { AddressType: 'AnycastEIP', AnycastZone: 'ANYCAST_ZONE_OVERSEAS' } },
    { addressType: 'AnycastEIP' },
  ],
  'high-quality': [{ attributes: { AddressType: 'HighQualityEIP' } }, { addressType: 'HighQualityEIP' }],
  protected: [
    { attributes: { AddressType: 'AntiDDoSEIP', AntiDDoSPackageId: 'bgp-1' } },
    { addressType: 'AntiDDoSEIP', antiDDoSPackageId: 'bgp-1' },
  ],
  named: [
    { attributes: { AddressName: 'the-shop', Tags: [{ Key: 'team', Value: 'games' }] } },
    { addressName: 'the-shop', tags: expect.arrayContaining([{ key: 'team', value: 'games' }]) },
  ],
  'super-node': [
    {
      attributes: null,
      annotations: {
        [`${superNode}/eip-attributes`]: '{"InternetMaxBandwidthOut":2}',
        [`${superNode}/eip-claim-delete-policy`]: 'Never',
      },
    },
    { bandwidth: 2 },
  ],
}

/** Whether no other Pod wants an EIP of that kind. */
function isAlone(creates: object): boolean {
  const kind = (what: object) => JSON.stringify({ ...defaults, ...what })
  return Object.values(granted).filter(([, other]) => kind(other) === kind(creates)).length === 1
}

/** What a Pod writes that goes to no cloud, and what it is told. */
const refused: Record<string, [object | string, string]> = {
  'no-json': ['Bandwidth=5', 'is not JSON'],
  'no-package': [{ InternetChargeType: 'BANDWIDTH_PACKAGE' }, 'without BandwidthPackageId; name the package'],
  'too-fast': [{ Bandwidth: '101' }, 'give whole Mbps from 1 to 100 for TRAFFIC_POSTPAID_BY_HOUR'],
  prepaid: [{ InternetChargeType: 'BANDWIDTH_PREPAID_BY_MONTH' }, 'cannot come and go with a Pod'],
}

onEveryCluster('eip-attributes in all their forms', { cpus: [48, 48] }, (stage) => {
  beforeAll(async () => {
    await stage.kubectl.apply(
      ...Object.entries(granted).map(([name, [options]]) => podManifest(name, options)),
      ...Object.entries(refused).map(([name, [attributes]]) =>
        podManifest(name, { attributes, withoutResource: true }),
      ),
    )
  })

  it('become the EIPs that they ask for', async () => {
    await stage.eventually(async () => {
      const claims = await stage.eipClaims()
      const eipOf = (name: string) => claims.find(({ metadata }) => metadata.name === name)?.status?.eipId
      const created = stage.cloud.region.addresses()
      for (const [name, [, creates]] of Object.entries(granted)) {
        const eip = created.find(({ addressId }) => addressId === eipOf(name))
        const own = [{ key: 'tke-clusterId', value: stage.clusterId }]
        // Alike EIPs may come of one call, and share the name that says what their Pods have in common.
        const addressName = isAlone(creates) ? `default_${name}` : expect.stringMatching(/^default(_|$)/)
        const expected = { ...defaults, tags: expect.arrayContaining(own), addressName }
        expect({ name, eip }).toMatchObject({ name, eip: { ...expected, ...creates } })
      }
    }, 100)
    expect((await stage.eipClaim('super-node'))?.spec?.deletePolicy).toBe('Never')
  })

  it('or are refused in one sentence, without a call to the cloud', async () => {
    for (const [name, [, says]] of Object.entries(refused)) {
      await stage.eventually(async () => {
        const accepted = await stage.condition(name, 'Accepted')
        expect(accepted).toMatchObject({ status: 'False', reason: 'Invalid' })
        expect(accepted.message).toContain(says)
      })
    }
    expect(stage.cloud.region.addresses()).toHaveLength(Object.keys(granted).length)
  })
})
