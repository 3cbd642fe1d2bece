import { eipClaims, type KubeObject, pods } from '@pod-eip/kube'
import { describe, expect, it } from 'vitest'
import type { ClusterScene } from './scene.ts'

export function appliesContract(scene: ClusterScene): void {
  const { fresh, pod, claim, refusal } = scene
  describe('server-side apply', () => {
    const ours = { fieldManager: 'pod-eip' }

    it('creates, and repeated changes nothing', async () => {
      const own = fresh()
      const first = await scene.cluster.apply(eipClaims, claim(own), ours)
      const second = await scene.cluster.apply(eipClaims, claim(own), ours)
      expect(second.metadata.uid).toBe(first.metadata.uid)
      expect(second.metadata.resourceVersion).toBe(first.metadata.resourceVersion)
    })

    it('removes what it applied before and no longer does, and nothing of others', async () => {
      const own = fresh()
      const annotated = (annotations: Record<string, string>): KubeObject => ({
        metadata: { name: own, namespace: 'default', annotations },
      })
      await scene.cluster.create(pods, pod(own))
      await scene.cluster.mergePatch(pods, 'default', own, { metadata: { annotations: { theirs: '1' } } })
      await scene.cluster.apply(pods, annotated({ eip: 'eip-1', ip: '1.1.1.1' }), ours)
      const after = await scene.cluster.apply(pods, annotated({ eip: 'eip-1' }), ours)
      expect(after.metadata.annotations).toEqual({ theirs: '1', eip: 'eip-1' })
      expect(after.metadata.labels).toEqual({ test: own })
    })

    it('of a field that another manager owns is a conflict, unless forced', async () => {
      const own = fresh()
      await scene.cluster.apply(eipClaims, claim(own, { source: 'auto', deletePolicy: 'Never' }), {
        fieldManager: 'someone',
      })
      const changed = claim(own, { source: 'auto', deletePolicy: 'Release' })
      const error = await refusal(scene.cluster.apply(eipClaims, changed, ours))
      expect(error).toMatchObject({ status: 409, reason: 'Conflict' })
      expect(error.message).toContain('someone')
      const forced = await scene.cluster.apply(eipClaims, changed, { ...ours, force: true })
      expect(forced.spec.deletePolicy).toBe('Release')
    })

    it('of the status of what is not there is NotFound', async () => {
      const status = { metadata: { name: 'nobody', namespace: 'default' }, status: { phase: 'Bound' } }
      const error = await refusal(scene.cluster.apply(eipClaims, status, { ...ours, subresource: 'status' }))
      expect(error).toMatchObject({ status: 404, reason: 'NotFound' })
    })

    it('merges conditions by type', async () => {
      const own = fresh()
      await scene.cluster.create(pods, pod(own))
      const conditions = (type: string, status: string): KubeObject => ({
        metadata: { name: own, namespace: 'default' },
        status: { conditions: [{ type, status }] },
      })
      const status = { subresource: 'status' as const, force: true }
      await scene.cluster.apply(pods, conditions('Ready', 'True'), { fieldManager: 'kubelet', ...status })
      await scene.cluster.apply(pods, conditions('example.com/eip', 'False'), { ...ours, ...status })
      const after = await scene.cluster.apply(pods, conditions('example.com/eip', 'True'), {
        ...ours,
        ...status,
      })
      const all = after.status.conditions.map((one: { type: string; status: string }) => [
        one.type,
        one.status,
      ])
      expect(Object.fromEntries(all)).toMatchObject({ Ready: 'True', 'example.com/eip': 'True' })
    })
  })
}
