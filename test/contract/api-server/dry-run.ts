import { describe, expect, it } from 'vitest'
import { type ApiScene, collections, refused } from './scene.ts'

const { configMaps } = collections
const dry = 'dryRun=All'

export function dryRunContract(scene: ApiScene): void {
  describe('a dry run', () => {
    it('creates nothing, and shows what it would', async () => {
      const own = scene.fresh()
      const { status, body } = await scene.post(`${configMaps}?${dry}`, { metadata: { name: own } })
      expect(status).toBe(201)
      expect(body.metadata).toMatchObject({ name: own, namespace: 'default', uid: expect.any(String) })
      expect(body.metadata.resourceVersion).toBeUndefined()
      refused(await scene.get(`${configMaps}/${own}`), 404, 'NotFound')
      const applied = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: own } }
      const path = `${configMaps}/${own}?${dry}&fieldManager=one`
      expect((await scene.patch('apply', path, applied)).status).toBe(201)
      refused(await scene.get(`${configMaps}/${own}`), 404, 'NotFound')
    })

    it('changes nothing, and shows what it would', async () => {
      const own = scene.fresh()
      const before = await scene.configMap(own, { data: { a: '1' } })
      const path = `${configMaps}/${own}`
      const put = await scene.put(`${path}?${dry}`, { ...before, data: { a: '2' } })
      expect(put.body.data).toEqual({ a: '2' })
      const patched = await scene.patch('merge', `${path}?${dry}`, { data: { b: '2' } })
      expect(patched.body.data).toEqual({ a: '1', b: '2' })
      expect((await scene.delete(`${path}?${dry}`)).status).toBe(200)
      expect((await scene.delete(path, { dryRun: ['All'] })).status).toBe(200)
      expect((await scene.get(path)).body).toEqual(before)
    })

    it('is refused what would be refused', async () => {
      const own = scene.fresh()
      await scene.configMap(own)
      refused(await scene.post(`${configMaps}?${dry}`, { metadata: { name: own } }), 409, 'AlreadyExists')
      refused(await scene.post(`${configMaps}?${dry}`, { metadata: { name: 'No Name' } }), 422, 'Invalid')
    })

    it('is of everything or nothing', async () => {
      const answer = await scene.post(`${configMaps}?dryRun=Some`, { metadata: { name: scene.fresh() } })
      expect(refused(answer, 422, 'Invalid').message).toContain('dryRun: Unsupported value')
    })
  })
}
