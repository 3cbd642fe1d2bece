import { describe, expect, it } from 'vitest'
import { until } from '../until.ts'
import { type ApiScene, collections, refused } from './scene.ts'

const { configMaps } = collections

export function garbageCollectionContract(scene: ApiScene): void {
  describe('what an object owns', () => {
    /** An owner, and a dependent that a finalizer can hold. */
    async function family(finalizers: string[] = []) {
      const own = scene.fresh()
      const { metadata } = await scene.configMap(`${own}-owner`)
      const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: metadata.name, uid: metadata.uid }
      const reference = { ...owner, blockOwnerDeletion: true }
      await scene.configMap(`${own}-dependent`, { metadata: { ownerReferences: [reference], finalizers } })
      return { owner: `${configMaps}/${own}-owner`, dependent: `${configMaps}/${own}-dependent`, reference }
    }
    const gone = (path: string) =>
      until(`${path} is gone`, async () => (await scene.get(path)).status === 404, 60_000)

    it('goes after it', async () => {
      const { owner, dependent } = await family()
      await scene.delete(owner, { propagationPolicy: 'Background' })
      expect((await scene.get(owner)).status).toBe(404)
      await gone(dependent)
    })

    it('goes before it when that is asked for', async () => {
      const { owner, dependent } = await family(['example.com/hold'])
      const { body } = await scene.delete(owner, { propagationPolicy: 'Foreground' })
      expect(body.metadata.finalizers).toEqual(['foregroundDeletion'])
      await until(
        'the dependent is asked to go',
        async () => {
          const { metadata } = (await scene.get(dependent)).body
          return metadata.deletionTimestamp !== undefined
        },
        60_000,
      )
      expect((await scene.get(owner)).body.metadata.finalizers).toEqual(['foregroundDeletion'])
      await scene.patch('merge', dependent, { metadata: { finalizers: null } })
      await gone(dependent)
      await gone(owner)
    })

    it('stays without it when that is asked for', async () => {
      const { owner, dependent } = await family()
      await scene.delete(owner, { propagationPolicy: 'Orphan' })
      await gone(owner)
      expect((await scene.get(dependent)).body.metadata.ownerReferences).toBeUndefined()
    })

    it('stays as long as another owner is there', async () => {
      const { owner, dependent, reference } = await family()
      const other = await scene.configMap(scene.fresh())
      const { uid, name } = other.metadata
      const both = [reference, { ...reference, uid, name }]
      await scene.patch('merge', dependent, { metadata: { ownerReferences: both } })
      await scene.delete(owner)
      await until(
        'the owner that is gone is forgotten',
        async () => {
          const { metadata } = (await scene.get(dependent)).body
          return metadata.ownerReferences.length === 1
        },
        60_000,
      )
      expect((await scene.get(dependent)).body.metadata.ownerReferences).toMatchObject([{ uid }])
    })

    it('goes when its owner was never there', async () => {
      const own = scene.fresh()
      const uid = '00000000-0000-4000-8000-000000000001'
      const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'nobody', uid }
      await scene.configMap(own, { metadata: { ownerReferences: [reference] } })
      await gone(`${configMaps}/${own}`)
    })

    it('is refused with two controllers, or an owner without a uid', async () => {
      const own = scene.fresh()
      const reference = (uid: string) => ({
        apiVersion: 'v1',
        kind: 'ConfigMap',
        name: 'x',
        uid,
        controller: true,
      })
      const make = (...ownerReferences: object[]) =>
        scene.post(configMaps, { metadata: { name: own, ownerReferences } })
      const { message } = refused(await make(reference('a'), reference('b')), 422, 'Invalid')
      expect(message).toContain('Only one reference can have Controller set to true')
      refused(await make(reference('')), 422, 'Invalid')
    })
  })
}
