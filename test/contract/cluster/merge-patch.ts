import { nodes, pods } from '@pod-eip/kube'
import { describe, expect, it } from 'vitest'
import type { ClusterScene } from './scene.ts'

export function mergePatchesContract(scene: ClusterScene): void {
  const { fresh, pod, refusal } = scene
  describe('merge patch', () => {
    it('sets, and removes with null', async () => {
      const own = fresh()
      await scene.cluster.create(pods, pod(own, { labels: { kept: 'yes', gone: 'soon' } }))
      const patch = { metadata: { labels: { gone: null }, annotations: { note: 'hello' } } }
      const patched = await scene.cluster.mergePatch(pods, 'default', own, patch)
      expect(patched.metadata.labels).toEqual({ test: own, kept: 'yes' })
      expect(patched.metadata.annotations).toMatchObject({ note: 'hello' })
    })

    it('that changes nothing leaves the version as it was', async () => {
      const own = fresh()
      const { metadata } = await scene.cluster.create(pods, pod(own))
      const patched = await scene.cluster.mergePatch(pods, 'default', own, {
        metadata: { labels: { test: own } },
      })
      expect(patched.metadata.resourceVersion).toBe(metadata.resourceVersion)
    })

    it('with an old resourceVersion is a conflict', async () => {
      const own = fresh()
      const { resourceVersion } = (await scene.cluster.create(pods, pod(own))).metadata
      const patch = (value: string) => ({ metadata: { resourceVersion, annotations: { value } } })
      await scene.cluster.mergePatch(pods, 'default', own, patch('1'))
      const error = await refusal(scene.cluster.mergePatch(pods, 'default', own, patch('2')))
      expect(error).toMatchObject({ status: 409, reason: 'Conflict' })
    })

    it('of what is not there is NotFound', async () => {
      const error = await refusal(scene.cluster.mergePatch(pods, 'default', 'nobody', { metadata: {} }))
      expect(error).toMatchObject({ status: 404, reason: 'NotFound' })
    })

    it('of the status sets node capacity and leaves the rest', async () => {
      const own = fresh()
      await scene.cluster.create(nodes, { metadata: { name: own }, status: { capacity: { cpu: '4' } } })
      const patch = {
        status: { capacity: { 'tke.cloud.tencent.com/eip': '2' } },
        spec: { unschedulable: true },
      }
      const options = { fieldManager: 'pod-eip', subresource: 'status' as const }
      await scene.cluster.mergePatch(nodes, null, own, patch, options)
      const node = await scene.cluster.get(nodes, null, own)
      expect(node?.status.capacity).toEqual({ cpu: '4', 'tke.cloud.tencent.com/eip': '2' })
      expect(node?.spec?.unschedulable).toBeUndefined()
    })
  })
}
