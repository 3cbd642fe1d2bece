import { eipClaims, pods } from '@pod-eip/kube'
import { describe, expect, it } from 'vitest'
import { type ClusterScene, changes } from './scene.ts'

export function deletesContract(scene: ClusterScene): void {
  const { fresh, pod, claim, refusal, now, watched } = scene
  describe('delete', () => {
    it('answers null when there was nothing', async () => {
      expect(await scene.cluster.delete(pods, 'default', 'nobody')).toBeNull()
    })

    it('takes an object away', async () => {
      const own = fresh()
      const { uid } = (await scene.cluster.create(eipClaims, claim(own))).metadata
      const deleted = await scene.cluster.delete(eipClaims, 'default', own)
      expect(deleted?.metadata).toMatchObject({ name: own, namespace: 'default', uid })
      expect(await scene.cluster.get(eipClaims, 'default', own)).toBeNull()
    })

    it('with the uid of another object is a conflict', async () => {
      const own = fresh()
      const { uid } = (await scene.cluster.create(eipClaims, claim(own))).metadata
      const other = '00000000-0000-4000-8000-000000000000'
      const error = await refusal(scene.cluster.delete(eipClaims, 'default', own, { uid: other }))
      expect(error).toMatchObject({ status: 409, reason: 'Conflict' })
      expect(await scene.cluster.get(eipClaims, 'default', own)).not.toBeNull()
      await scene.cluster.delete(eipClaims, 'default', own, { uid: uid! })
      expect(await scene.cluster.get(eipClaims, 'default', own)).toBeNull()
    })

    it('waits for finalizers', async () => {
      const own = fresh()
      const from = await now()
      await scene.cluster.create(pods, pod(own, { finalizers: ['example.com/hold'] }))
      await scene.cluster.delete(pods, 'default', own)
      const held = await scene.cluster.get(pods, 'default', own)
      expect(Date.parse(held?.metadata.deletionTimestamp ?? '')).not.toBeNaN()
      await scene.cluster.mergePatch(pods, 'default', own, { metadata: { finalizers: null } })
      expect(await scene.cluster.get(pods, 'default', own)).toBeNull()
      const options = { resourceVersion: from, labelSelector: `test=${own}` }
      const seen = await watched(pods, options, (all) => changes(all).includes(`DELETED ${own}`))
      const told = changes(seen)
      expect(told[0]).toBe(`ADDED ${own}`)
      expect(told.slice(1, -1)).not.toHaveLength(0)
      expect(new Set(told.slice(1, -1))).toEqual(new Set([`MODIFIED ${own}`]))
    })
  })
}
