import { nodes } from '@pod-eip/kube'
import { beforeAll, describe, expect, it } from 'vitest'
import { type PodOptions, podManifest } from './harness/manifests.ts'
import { onEveryCluster } from './harness/stage.ts'

/** Nodes with room for two EIPs, nine, and two of which somebody else has taken one. */
const cpus = [8, 48, 8]
const [small, large, shared] = ['10.0.0.4', '10.0.0.5', '10.0.0.6'] as const
const resource = 'tke.cloud.tencent.com/eip'
const networks = 'tke.cloud.tencent.com/networks'

onEveryCluster('node quota and ENI modes', { cpus }, (stage) => {
  const instanceOf = async (node: string) => {
    const providerId: string = (await stage.cluster.client.get(nodes, null, node))?.spec?.providerID
    return providerId.slice(providerId.lastIndexOf('/') + 1)
  }
  const slotsShown = async (node: string) =>
    (await stage.cluster.client.get(nodes, null, node))?.status?.capacity?.[resource]
  const place = (node: string, options: PodOptions = {}): PodOptions => ({
    nodeSelector: { 'kubernetes.io/hostname': node },
    withoutResource: true,
    ...options,
  })
  const phase = async (name: string) => (await stage.eipClaim(name))?.status?.phase
  const eventuallyBound = (name: string, seconds?: number) =>
    stage.eventually(async () => expect([name, await phase(name)]).toEqual([name, 'Bound']), seconds)
  const eventuallyWaits = (name: string, says: string) =>
    stage.eventually(async () => {
      const bound = await stage.condition(name, 'Bound')
      expect(bound).toMatchObject({ status: 'False', reason: 'NodeQuotaExhausted' })
      expect(bound.message).toContain(says)
    })
  const eipsAt = (privateIp: string) =>
    stage.cloud.region.addresses().filter(({ binding }) => binding?.privateIpAddress === privateIp)

  let theirs = ''
  beforeAll(async () => {
    const instanceId = await instanceOf(shared)
    // The network of the Nodes is played by somebody who follows them.
    await stage.eventually(() => {
      expect(stage.cloud.region.instances().map((i) => i.instanceId)).toContain(instanceId)
    })
    stage.cloud.region.upsertInstance({ instanceId, cpu: 8, hasPublicIp: true })
    theirs = stage.cloud.region.bindForeignAddress(instanceId)
    await stage.kubectl.apply(podManifest('beside-1', place(shared)), podManifest('beside-2', place(shared)))
  })

  it('each Node shows its EIP slots, also after somebody has dropped them', async () => {
    await stage.eventually(async () => {
      expect([await slotsShown(small), await slotsShown(large)]).toEqual(['2', '9'])
    })
    const dropped = { status: { capacity: { [resource]: null } } }
    await stage.cluster.client.mergePatch(nodes, null, small, dropped, { subresource: 'status' })
    await stage.eventually(async () => expect(await slotsShown(small)).toBe('2'))
  })

  it('over its quota a claim waits and says so; the first to come is the first to go on', async () => {
    for (const name of ['quota-1', 'quota-2']) await stage.kubectl.apply(podManifest(name, place(small)))
    for (const name of ['quota-1', 'quota-2']) await eventuallyBound(name)
    for (const name of ['quota-3', 'quota-4']) {
      await stage.kubectl.apply(podManifest(name, place(small)))
      await eventuallyWaits(name, `Node ${small} has no free EIP slot: its CVM may have 2 EIPs`)
    }
    await stage.eventually(async () => {
      expect(await stage.kubeEvents('quota-4')).toContain('Pod Warning NodeQuotaExhausted')
    })
    await stage.kubectl('delete', 'pod', 'quota-1')
    await eventuallyBound('quota-3')
    expect(await phase('quota-4')).toBe('Allocated')
  })

  describe('a Pod', () => {
    it('with a network interface of its own has its EIP there, one that shares on the shared one', async () => {
      const exclusive = { annotations: { [networks]: 'tke-bridge,tke-direct-eni' } }
      await stage.kubectl.apply(
        podManifest('sharing', place(large, { annotations: { [networks]: 'tke-route-eni' } })),
        podManifest('exclusive', place(large, exclusive)),
      )
      const interfaces: Record<string, string> = {}
      for (const name of ['sharing', 'exclusive']) {
        await eventuallyBound(name)
        const { status } = (await stage.eipClaim(name))!
        const podIP = (await stage.pod(name))?.status?.podIP
        const [eip] = eipsAt(podIP)
        expect(eip).toMatchObject({
          addressId: status?.eipId,
          binding: { instanceId: await instanceOf(large) },
        })
        interfaces[name] = eip!.binding!.networkInterfaceId
        const eni = stage.cloud.region
          .networkInterfaces()
          .find(({ networkInterfaceId }) => networkInterfaceId === interfaces[name])
        expect(eni?.privateIps).toContain(podIP)
        if (name === 'exclusive') expect(eni?.privateIps).toEqual([podIP])
      }
      expect(interfaces.sharing).not.toBe(interfaces.exclusive)
      await stage.kubectl('delete', 'pod', 'exclusive')
      await stage.eventually(async () => expect(await stage.eipClaim('exclusive')).toBeNull())
    })

    it('with hostNetwork is refused with a reason', async () => {
      await stage.kubectl.apply(podManifest('host', place(large, { hostNetwork: true })))
      await stage.eventually(async () => {
        const accepted = await stage.condition('host', 'Accepted')
        expect(accepted).toMatchObject({ status: 'False', reason: 'HostNetwork' })
        expect(accepted.message).toContain('has no address of its own')
      })
    })

    it('that takes over the address of another gets its own EIP there, and keeps it', async () => {
      await stage.kubectl.apply(podManifest('before', place(large)))
      await eventuallyBound('before')
      const eipBefore = (await stage.eipClaim('before'))?.status?.eipId
      await stage.kubectl('delete', 'pod', 'before')
      await stage.kubectl.apply(podManifest('after', place(large)))
      await eventuallyBound('after')
      await stage.eventually(async () => {
        const held = stage.cloud.region.addresses().map(({ addressId }) => addressId)
        expect(held).not.toContain(eipBefore)
        const { status } = (await stage.eipClaim('after'))!
        expect(status?.phase).toBe('Bound')
        const there = eipsAt((await stage.pod('after'))?.status?.podIP)
        expect(there.map(({ addressId }) => addressId)).toEqual([status?.eipId])
      })
    })
  })

  it('an EIP that somebody else has on the CVM counts until it is gone', async () => {
    const phases = async () => (await Promise.all(['beside-1', 'beside-2'].map(phase))).sort()
    await stage.eventually(async () => {
      expect(await phases()).toEqual(['Allocated', 'Bound'])
      expect(await slotsShown(shared)).toBe('1')
    })
    const waits = (await phase('beside-1')) === 'Bound' ? 'beside-2' : 'beside-1'
    await eventuallyWaits(waits, `1 that is not of pod-eip (${theirs})`)
    stage.cloud.region.unbindForeignAddress(theirs)
    await eventuallyBound(waits, 180)
    await stage.eventually(async () => expect(await slotsShown(shared)).toBe('2'))
  })

  it('the log tells it all again, record by record', async () => {
    await stage.eventually(async () => {
      const { stdout, exitCode } = await stage.eipctl('replay')
      expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 })
    })
  })
})
