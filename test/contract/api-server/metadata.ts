import { describe, expect, it } from 'vitest'
import { type ApiScene, claim, collections, refused } from './scene.ts'

const { configMaps, eipClaims } = collections
const kibibyte = 1024

export function metadataContract(scene: ApiScene): void {
  describe('metadata', () => {
    const tried = (metadata: object) =>
      scene.post(`${configMaps}?dryRun=All`, { metadata: { name: scene.fresh(), ...metadata } })

    it.each(['kubernetes', 'orphan', 'foregroundDeletion', 'example.com/hold'])(
      'can have the finalizer %s',
      async (finalizer) => {
        expect((await tried({ finalizers: [finalizer] })).status).toBe(201)
      },
    )

    it('has no finalizer without a domain, but in custom resources', async () => {
      const says =
        'metadata.finalizers[0]: Invalid value: "hold": name is neither a standard finalizer name nor is it fully qualified'
      expect(refused(await tried({ finalizers: ['hold'] }), 422, 'Invalid').message).toContain(says)
      const name = scene.fresh()
      await scene.configMap(name)
      const patch = { metadata: { finalizers: ['hold'] } }
      const patched = await scene.patch('merge', `${configMaps}/${name}`, patch)
      expect(refused(patched, 422, 'Invalid').message).toContain(says)
      const custom = { ...claim(name), metadata: { name, finalizers: ['hold'] } }
      expect((await scene.post(`${eipClaims}?dryRun=All`, custom)).status).toBe(201)
    })

    it('cannot ask to orphan and to delete what depends on the object', async () => {
      const answer = await tried({ finalizers: ['orphan', 'foregroundDeletion'] })
      expect(refused(answer, 422, 'Invalid').message).toContain('cannot be both set')
    })

    it('has annotations of 256 KiB at most, names and values, in bytes', async () => {
      const most = { a: 'x'.repeat(256 * kibibyte - 1) }
      expect((await tried({ annotations: most })).status).toBe(201)
      const says = 'metadata.annotations: Too long: may not be more than 262144 bytes'
      for (const annotations of [{ ...most, b: '' }, { a: 'é'.repeat(128 * kibibyte) }]) {
        expect(refused(await tried({ annotations }), 422, 'Invalid').message).toContain(says)
      }
    })
  })
}
