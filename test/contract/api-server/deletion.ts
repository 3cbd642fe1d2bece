import { describe, expect, it } from 'vitest'
import { type ApiScene, collections, names, pod, refused } from './scene.ts'

const { configMaps, namespaces, pods } = collections

export function deletionContract(scene: ApiScene): void {
  describe('deleting', () => {
    it('answers what is gone with its name and uid', async () => {
      const own = scene.fresh()
      const { metadata } = await scene.configMap(own)
      const { body } = await scene.delete(`${configMaps}/${own}`)
      expect(body).toMatchObject({
        ...{ kind: 'Status', status: 'Success' },
        details: { name: own, kind: 'configmaps', uid: metadata.uid },
      })
    })

    it('answers a Pod, and what is held, with the object', async () => {
      const own = scene.fresh()
      await scene.made(pods, pod(own))
      expect((await scene.delete(`${pods}/${own}`)).body).toMatchObject({
        kind: 'Pod',
        metadata: { name: own },
      })
      await scene.configMap(own, { metadata: { finalizers: ['example.com/hold'] } })
      const { body } = await scene.delete(`${configMaps}/${own}`)
      expect(body).toMatchObject({ kind: 'ConfigMap', metadata: { deletionGracePeriodSeconds: 0 } })
      expect(Date.parse(body.metadata.deletionTimestamp)).not.toBeNaN()
      await scene.patch('merge', `${configMaps}/${own}`, { metadata: { finalizers: null } })
      refused(await scene.get(`${configMaps}/${own}`), 404, 'NotFound')
    })

    it('adds no finalizer to what is on its way out', async () => {
      const own = scene.fresh()
      await scene.configMap(own, { metadata: { finalizers: ['example.com/hold'] } })
      await scene.delete(`${configMaps}/${own}`)
      const more = { metadata: { finalizers: ['example.com/hold', 'example.com/late'] } }
      const { message } = refused(await scene.patch('merge', `${configMaps}/${own}`, more), 422, 'Invalid')
      expect(message).toContain(
        'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/late"}',
      )
      await scene.patch('merge', `${configMaps}/${own}`, { metadata: { finalizers: null } })
    })

    it('in another version, or of another uid, is a conflict', async () => {
      const own = scene.fresh()
      await scene.configMap(own)
      const path = `${configMaps}/${own}`
      refused(await scene.delete(path, { preconditions: { resourceVersion: '1' } }), 409, 'Conflict')
      const uid = '00000000-0000-4000-8000-000000000000'
      const { message } = refused(await scene.delete(path, { preconditions: { uid } }), 409, 'Conflict')
      expect(message).toContain(uid)
    })

    it('a collection takes what is selected', async () => {
      const own = scene.fresh()
      await scene.configMap(`${own}-a`, { metadata: { labels: { test: own } } })
      await scene.configMap(`${own}-b`, { metadata: { labels: { test: own, kept: 'yes' } } })
      const { status } = await scene.delete(`${configMaps}?labelSelector=test=${own},!kept`)
      expect(status).toBe(200)
      expect(names(await scene.get(`${configMaps}?labelSelector=test=${own}`))).toEqual([`${own}-b`])
    })

    it.each(['default', 'kube-system', 'kube-public'])('never takes the namespace %s', async (name) => {
      const { message } = refused(await scene.delete(`${namespaces}/${name}`), 403, 'Forbidden')
      expect(message).toBe(`namespaces "${name}" is forbidden: this namespace may not be deleted`)
    })

    it('refuses options that there are not', async () => {
      const own = scene.fresh()
      await scene.configMap(own)
      const answer = await scene.delete(`${configMaps}/${own}`, { propagationPolicy: 'Sideways' })
      const { message } = refused(answer, 422, 'Invalid')
      expect(message).toContain('propagationPolicy: Unsupported value: "Sideways"')
    })
  })
}
