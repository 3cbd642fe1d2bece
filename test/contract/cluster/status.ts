import { eipClaims } from '@pod-eip/kube'
import { describe, expect, it } from 'vitest'
import type { ClusterScene } from './scene.ts'

export function statusContract(scene: ClusterScene): void {
  const { claim, fresh } = scene
  describe('status subresource', () => {
    it('keeps status and spec apart, and counts generations by spec', async () => {
      const own = fresh()
      const status = { phase: 'Bound', eipId: 'eip-1', generation: 1 }
      const created = await scene.cluster.create(eipClaims, { ...claim(own), status })
      expect(created.status).toBeUndefined()
      const ours = { fieldManager: 'pod-eip', subresource: 'status' as const }
      const identity = { name: own, namespace: 'default' }
      const told = await scene.cluster.apply(eipClaims, { metadata: identity, status }, ours)
      expect(told).toMatchObject({ spec: { source: 'auto' }, status, metadata: { generation: 1 } })
      const patch = { spec: { deletePolicy: 'Never' }, status: { phase: 'Released' } }
      const patched = await scene.cluster.mergePatch(eipClaims, 'default', own, patch)
      expect(patched).toMatchObject({
        status,
        spec: { deletePolicy: 'Never' },
        metadata: { generation: 2 },
      })
    })
  })
}
