import { configMaps } from '@pod-eip/kube'
import { beforeAll, expect, it } from 'vitest'
import { masqAgentManifest, podManifest, workloadManifest } from './harness/manifests.ts'
import { onEveryCluster } from './harness/stage.ts'

const annotation = 'tke.cloud.tencent.com/eip-egress-entries'
const original = `# what stays inside
nonMasqueradeCIDRs:
  - 10.0.0.0/8 # all of us
nonMasqueradeSrcCIDRs:
  - 192.0.2.7/32 # the media server
resyncInterval: 60s
`

onEveryCluster('egress through the EIP', { cpus: [48] }, (stage) => {
  const shown = async () => {
    const object = await stage.cluster.client.get(configMaps, 'kube-system', 'ip-masq-agent-config')
    return { config: object!.data.config as string, marker: object!.metadata.annotations?.[annotation] }
  }
  /** Whether an IPv4 address is in one of our entries. */
  const number = (ip: string) => ip.split('.').reduce((all, part) => all * 256 + Number(part), 0)
  const isHeld = async (ip: string) => {
    const { config } = await shown()
    return [...config.matchAll(/^ {2}- (\d[\d.]+)\/(\d+)$/gm)].some(([, base, bits]) => {
      const size = 2 ** (32 - Number(bits))
      return number(ip) >= number(base!) && number(ip) < number(base!) + size
    })
  }
  const ipOf = async (name: string) => (await stage.pod(name))!.status.podIP as string
  const restart = async (...names: ('publisher' | 'worker')[]) => {
    await stage.services.kill(...names)
    await stage.services.start(...names)
  }
  const bound = (name: string) =>
    stage.eventually(async () => expect((await stage.eipClaim(name))?.status?.phase).toBe('Bound'))

  beforeAll(async () => {
    stage.env.POD_EIP_ENABLE_EGRESS = 'true'
    await stage.kubectl.apply(masqAgentManifest(original))
    await restart('publisher', 'worker')
    await stage.kubectl.apply(
      workloadManifest('StatefulSet', 'media', 3),
      podManifest('own', { annotations: { 'tke.cloud.tencent.com/networks': 'tke-direct-eni' } }),
    )
    for (const name of ['media-0', 'media-1', 'media-2', 'own']) await bound(name)
  })

  it('the Pods of a StatefulSet stand in the list of ip-masq-agent, one with an interface of its own does not', async () => {
    for (const name of ['media-0', 'media-1', 'media-2']) {
      await stage.eventually(async () => expect(await isHeld(await ipOf(name))).toBe(true))
    }
    expect(await isHeld(await ipOf('own'))).toBe(false)
    const { config, marker } = await shown()
    expect(config).toContain('  - 192.0.2.7/32 # the media server\n')
    expect(config.split('\n').filter((line) => !/^ {2}- [\d./]+$/.test(line))).toEqual(original.split('\n'))
    expect(JSON.parse(marker!).entries.length).toBeGreaterThan(0)
  })

  it('a Pod that goes leaves the list', async () => {
    const ip = await ipOf('media-2')
    await stage.kubectl('scale', 'statefulset/media', '--replicas=2')
    await stage.eventually(async () => expect(await isHeld(ip)).toBe(false))
    expect(await isHeld(await ipOf('media-0'))).toBe(true)
  })

  it('an edit by kubectl stays, and an entry of ours that it takes out comes back', async () => {
    const [ip, config] = [
      await ipOf('media-0'),
      original.replace('resyncInterval: 60s', 'resyncInterval: 30s'),
    ]
    await stage.kubectl(
      'patch',
      'cm/ip-masq-agent-config',
      '-n',
      'kube-system',
      '-p',
      JSON.stringify({ data: { config } }),
    )
    await stage.eventually(async () => expect(await isHeld(ip)).toBe(true))
    expect((await shown()).config).toContain('resyncInterval: 30s')
    await stage.kubectl(
      'patch',
      'cm/ip-masq-agent-config',
      '-n',
      'kube-system',
      '-p',
      JSON.stringify({ data: { config: (await shown()).config.replace('30s', '60s') } }),
    )
    await stage.eventually(async () => {
      const told = await stage.kubectl(
        'get',
        'events',
        '-n',
        'kube-system',
        '-o',
        'jsonpath={.items[*].reason}',
      )
      expect(told).toContain('EgressEntriesTaken')
    })
  })

  it('a NAT gateway that takes the traffic is told by the claim, its Events and the doctor, and its end too', async () => {
    stage.cloud.region.putRouteTable({
      routeTableId: 'rtb-nat',
      subnetIds: ['subnet-simulated'],
      routes: [{ destinationCidrBlock: '0.0.0.0/0', gatewayType: 'NAT', gatewayId: 'nat-1' }],
    })
    // Whoever starts reads the routes at once.
    await restart('worker')
    await stage.eventually(async () => {
      expect(await stage.condition('media-0', 'EgressThroughEip')).toMatchObject({
        status: 'False',
        reason: 'NatGatewayFirst',
        message: expect.stringContaining('leaves by NAT gateway nat-1 and not by EIP'),
      })
    })
    expect(await stage.condition('media-0', 'Ready')).toMatchObject({ status: 'True' })
    await stage.eventually(async () =>
      expect(await stage.kubeEvents('media-0')).toContain('Pod Warning NatGatewayTakesTraffic'),
    )
    expect((await stage.eipctl('explain', 'default/media-0')).stdout).toContain('leaves by NAT gateway nat-1')
    const { stdout } = await stage.eipctl('doctor')
    expect(stdout).toMatch(
      /egress +warn +What 3 Pods, such as default\/media-0, send leaves by a NAT gateway/,
    )
    expect(stdout).toMatch(/permission vpc:DescribeRouteTables +ok/)
    expect(stdout).toMatch(/ip-masq-agent +ok/)
    // Who looks again finds nothing new.
    await restart('worker')
    await stage.eventually(() => {
      const reads = stage.cloud.calls.filter(({ action }) => action === 'DescribeRouteTables')
      expect(reads.length).toBeGreaterThanOrEqual(3)
    })
    stage.cloud.region.removeRouteTable('rtb-nat')
    await restart('worker')
    await stage.eventually(async () => {
      expect(await stage.condition('media-0', 'EgressThroughEip')).toMatchObject({ status: 'True' })
    })
    const told = (await stage.logged('default/media-0')).filter(({ type }) => type === 'EgressSeen')
    expect(told).toHaveLength(2)
  })

  it('turned off, all of it is as it was', async () => {
    stage.env.POD_EIP_ENABLE_EGRESS = 'false'
    await restart('publisher', 'worker')
    await stage.eventually(async () => {
      expect(await shown()).toEqual({ config: original, marker: undefined })
      expect(await stage.condition('media-0', 'EgressThroughEip')).toEqual({})
    })
  })
})
