import { describe, expect, it } from 'vitest'
import { type ApiScene, claim, collections, refused } from './scene.ts'

const { configMaps, eipClaims } = collections
const otherUid = '00000000-0000-4000-8000-000000000000'

export function conflictsContract(scene: ApiScene): void {
  describe('an update', () => {
    it('of an old version is a conflict that names the object', async () => {
      const own = scene.fresh()
      const before = await scene.configMap(own)
      const path = `${configMaps}/${own}`
      expect((await scene.put(path, { ...before, data: { n: '1' } })).status).toBe(200)
      const status = refused(await scene.put(path, { ...before, data: { n: '2' } }), 409, 'Conflict')
      expect(status.message).toBe(
        `Operation cannot be fulfilled on configmaps "${own}": the object has been modified; please apply your changes to the latest version and try again`,
      )
      expect(status.details).toEqual({ name: own, kind: 'configmaps' })
    })

    it('without a version replaces a ConfigMap, and is refused for a custom resource', async () => {
      const own = scene.fresh()
      const { resourceVersion: _, ...metadata } = (await scene.configMap(own)).metadata
      const replaced = await scene.put(`${configMaps}/${own}`, { metadata, data: { n: '1' } })
      expect(replaced.body.data).toEqual({ n: '1' })
      const made = await scene.made(eipClaims, claim(own))
      const { resourceVersion: __, ...rest } = made.metadata
      const { message } = refused(
        await scene.put(`${eipClaims}/${own}`, { ...made, metadata: rest }),
        422,
        'Invalid',
      )
      expect(message).toContain('metadata.resourceVersion: Invalid value')
      expect(message).toContain('must be specified for an update')
    })

    it('that changes nothing leaves the version as it was', async () => {
      const own = scene.fresh()
      const before = await scene.configMap(own, { data: { n: '1' } })
      const { body } = await scene.put(`${configMaps}/${own}`, before)
      expect(body.metadata.resourceVersion).toBe(before.metadata.resourceVersion)
    })

    it('of another uid is a conflict', async () => {
      const own = scene.fresh()
      const { metadata } = await scene.configMap(own)
      const { resourceVersion: _, ...rest } = metadata
      const answer = await scene.put(`${configMaps}/${own}`, { metadata: { ...rest, uid: otherUid } })
      const { message } = refused(answer, 409, 'Conflict')
      expect(message).toContain(`UID in precondition: ${otherUid}, UID in object meta: ${metadata.uid}`)
    })

    it('of what is not there is NotFound', async () => {
      const own = scene.fresh()
      const status = refused(
        await scene.put(`${configMaps}/${own}`, { metadata: { name: own } }),
        404,
        'NotFound',
      )
      expect(status.details).toEqual({ name: own, kind: 'configmaps' })
    })

    it('under another name than that of the path is refused', async () => {
      const own = scene.fresh()
      await scene.configMap(own)
      const answer = await scene.put(`${configMaps}/${own}`, { metadata: { name: `${own}-other` } })
      expect(refused(answer, 400, 'BadRequest').message).toContain('does not match the name on the URL')
    })
  })
}
