import { beforeAll, describe, expect, it } from 'vitest'
import { podManifest } from './harness/manifests.ts'
import { onEveryCluster } from './harness/stage.ts'

/** Three Nodes with room for nine EIPs each; the last one goes. */
const cpus = [48, 48, 48]
const [firstNode, secondNode, doomedNode] = ['10.0.0.4', '10.0.0.5', '10.0.0.6']
const on = (node: string | undefined) => ({ nodeSelector: { 'kubernetes.io/hostname': node! } })

onEveryCluster('how claims end', { cpus }, (stage) => {
  /** The EIP of each claim, when all of them are bound to their Pods of now. */
  async function boundEips(...names: string[]): Promise<string[]> {
    const eips: string[] = []
    await stage.eventually(async () => {
      eips.length = 0
      for (const name of names) {
        const [claim, pod] = [await stage.eipClaim(name), await stage.pod(name)]
        expect([name, claim?.status?.phase]).toEqual([name, 'Bound'])
        expect(claim?.status?.podUID).toBe(pod?.metadata.uid)
        eips.push(claim?.status?.eipId)
      }
    })
    return eips
  }
  const heldEips = () => stage.cloud.region.addresses().map(({ addressId }) => addressId)
  const allocated = () => stage.cloud.region.ledger().filter(({ event }) => event === 'allocated').length
  const boundTo = (eip: string | undefined) =>
    stage.cloud.region.addresses().find(({ addressId }) => addressId === eip)?.binding?.privateIpAddress

  describe('a claim that is not static', () => {
    const endings = ['deleted', 'evicted', 'succeeded', 'failed', 'nodeless']
    let eips: string[]

    beforeAll(async () => {
      const names = endings.filter((name) => name !== 'nodeless')
      await stage.kubectl.apply(
        ...names.map((name) => podManifest(name, on(firstNode))),
        podManifest('nodeless', on(doomedNode)),
      )
      eips = await boundEips(...endings)
      // The clean-up of its Pods takes a cluster its time.
      await stage.kubectl('delete', 'node', doomedNode!)
    })

    it.each([
      ['deleted', () => stage.kubectl('delete', 'pod', 'deleted', '--wait=false')],
      ['evicted', () => evict('evicted')],
      ['succeeded', () => patchPhase('succeeded', 'Succeeded')],
      ['failed', () => patchPhase('failed', 'Failed')],
    ])('ends with its Pod: %s', async (name, endPod) => {
      await endPod()
      await expectReleased(name)
    })

    it('ends with its Pod: on a node that is gone', () => expectReleased('nodeless', 180))

    const evict = (name: string) =>
      stage.kubectl.post(`/api/v1/namespaces/default/pods/${name}/eviction`, {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { name, namespace: 'default' },
      })
    const patchPhase = (name: string, phase: string) =>
      stage.kubectl('patch', 'pod', name, '--subresource=status', '-p', JSON.stringify({ status: { phase } }))

    async function expectReleased(name: string, seconds?: number): Promise<void> {
      await stage.eventually(async () => {
        expect(heldEips()).not.toContain(eips[endings.indexOf(name)])
        expect(await stage.eipClaim(name)).toBeNull()
      }, seconds)
      await stage.eventually(async () => {
        expect(await stage.kubeEvents(name)).toEqual(
          expect.arrayContaining(['EIPClaim Normal DisassociatedEip', 'EIPClaim Normal ReleasedEip']),
        )
      })
    }
  })

  describe('a static claim', () => {
    const isStatic = true

    it('keeps its EIP for a Pod of the same name, on whichever node, without a new allocation', async () => {
      await stage.kubectl.apply(podManifest('kept', { isStatic, ...on(firstNode) }))
      const [eip] = await boundEips('kept')
      const allocations = allocated()

      await stage.kubectl('delete', 'pod', 'kept')
      await stage.eventually(async () => {
        expect((await stage.eipClaim('kept'))?.status).toMatchObject({ phase: 'Retained', eipId: eip })
        expect(boundTo(eip)).toBeUndefined()
      })
      expect(heldEips()).toContain(eip)
      expect(await stage.condition('kept', 'Ready')).toMatchObject({ status: 'False', reason: 'Retained' })

      await stage.kubectl.apply(podManifest('kept', { isStatic, ...on(secondNode) }))
      expect(await boundEips('kept')).toEqual([eip])
      expect((await stage.eipClaim('kept'))?.status?.nodeName).toBe(secondNode)
      expect(boundTo(eip)).toBe((await stage.pod('kept'))?.status?.podIP)
      expect(allocated()).toBe(allocations)
    })

    it('follows a Pod that appears before the old one is done with', async () => {
      await stage.kubectl.apply(podManifest('hasty', { isStatic, ...on(firstNode) }))
      const [eip] = await boundEips('hasty')
      const allocations = allocated()

      await stage.kubectl('delete', 'pod', 'hasty', '--grace-period=0', '--force', '--wait=false')
      await stage.kubectl.apply(podManifest('hasty', { isStatic, ...on(secondNode) }))
      expect(await boundEips('hasty')).toEqual([eip])
      expect(boundTo(eip)).toBe((await stage.pod('hasty'))?.status?.podIP)
      expect(allocated()).toBe(allocations)
    })

    it('and one that took the place of another while nobody watched', async () => {
      const [eip] = await boundEips('hasty')
      const allocations = allocated()
      await stage.services.kill('watcher')
      await stage.kubectl('delete', 'pod', 'hasty', '--grace-period=0', '--force')
      await stage.kubectl.apply(podManifest('hasty', { isStatic, ...on(firstNode) }))
      await stage.services.start('watcher')
      expect(await boundEips('hasty')).toEqual([eip])
      expect((await stage.eipClaim('hasty'))?.status?.nodeName).toBe(firstNode)
      expect(allocated()).toBe(allocations)
    })

    it('comes back bound when its EIPClaim is deleted while the Pod lives', async () => {
      const [eip] = await boundEips('kept')
      const before = await stage.eipClaim('kept')
      await stage.kubectl('delete', 'eipc', 'kept')
      await stage.eventually(async () => {
        const claim = await stage.eipClaim('kept')
        expect(claim?.metadata.uid).not.toBe(before?.metadata.uid)
        expect(claim?.status?.phase).toBe('Bound')
      })
      expect(await boundEips('kept')).toEqual([expect.stringMatching(/^eip-/)])
      await stage.eventually(async () => {
        expect(await stage.kubeEvents('kept')).toContain('EIPClaim Warning ReclaimDeclined')
      })
      expect(heldEips()).toContain(eip)
    })

    it('releases its EIP when its EIPClaim is deleted without a Pod', async () => {
      const [eip] = await boundEips('kept')
      await stage.kubectl('delete', 'pod', 'kept')
      await stage.eventually(async () => {
        expect((await stage.eipClaim('kept'))?.status?.phase).toBe('Retained')
      })
      await stage.kubectl('delete', 'eipc', 'kept')
      await stage.eventually(async () => {
        expect(heldEips()).not.toContain(eip)
        expect(await stage.eipClaim('kept')).toBeNull()
      })
    })
  })

  it('the log tells it all again, record by record', async () => {
    await stage.eventually(async () => {
      const { stdout, exitCode } = await stage.eipctl('replay')
      expect({ stdout, exitCode }).toMatchObject({ exitCode: 0 })
    })
  })
})
