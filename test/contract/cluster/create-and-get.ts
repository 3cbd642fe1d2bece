import { eipClaims, events, nodes, pods } from '@pod-eip/kube'
import { describe, expect, it } from 'vitest'
import type { ClusterScene } from './scene.ts'

export function createAndGetContract(scene: ClusterScene): void {
  const { fresh, claim, refusal } = scene
  describe('create and get', () => {
    it('gives the object its identity', async () => {
      const own = fresh()
      const { metadata } = await scene.cluster.create(eipClaims, claim(own))
      expect(metadata).toMatchObject({ name: own, namespace: 'default', generation: 1 })
      expect(metadata.uid).toMatch(/^[0-9a-f-]{36}$/)
      expect(Date.parse(metadata.creationTimestamp ?? '')).not.toBeNaN()
      const read = await scene.cluster.get(eipClaims, 'default', own)
      expect(read).toMatchObject({ apiVersion: 'networking.tke.cloud.tencent.com/v1', kind: 'EIPClaim' })
      expect(read?.metadata.resourceVersion).toBe(metadata.resourceVersion)
    })

    it('refuses a name that is taken', async () => {
      const own = fresh()
      await scene.cluster.create(eipClaims, claim(own))
      const error = await refusal(scene.cluster.create(eipClaims, claim(own)))
      expect(error).toMatchObject({ status: 409, reason: 'AlreadyExists' })
    })

    it('gets null for what is not there', async () => {
      expect(await scene.cluster.get(pods, 'default', 'nobody')).toBeNull()
      expect(await scene.cluster.get(nodes, null, 'nobody')).toBeNull()
    })

    it('refuses an object that the schema forbids', async () => {
      const own = fresh()
      const error = await refusal(scene.cluster.create(eipClaims, claim(own, { source: 'stolen' })))
      expect(error).toMatchObject({ status: 422, reason: 'Invalid' })
      expect(error.message).toContain('spec.source')
    })

    it('takes Events about an object', async () => {
      const own = fresh()
      const time = '2026-11-24T08:00:00Z'
      await scene.cluster.create(events, {
        metadata: { name: `${own}.1`, namespace: 'default' },
        involvedObject: { kind: 'Pod', namespace: 'default', name: own },
        reason: 'AllocatedEip',
        message: 'eip-1 was allocated.',
        type: 'Normal',
        ...{ firstTimestamp: time, lastTimestamp: time, count: 1 },
        source: { component: 'pod-eip' },
      })
      const found = await scene.cluster.list(events, { fieldSelector: `involvedObject.name=${own}` })
      expect(found.items.map(({ reason }) => reason)).toEqual(['AllocatedEip'])
    })
  })
}
