import { describe, expect, it } from 'vitest'
import { type ApiScene, collections, refused } from './scene.ts'

const { configMaps, secrets } = collections
const says = (field: string) => `${field}: Forbidden: field is immutable when \`immutable\` is set`

export function immutableContract(scene: ApiScene): void {
  describe.each([
    ['ConfigMap', configMaps],
    ['Secret', secrets],
  ])('a %s', (_, collection) => {
    const fixed = async () => {
      const name = scene.fresh()
      await scene.made(collection, { metadata: { name }, data: { a: 'MQ==' }, immutable: true })
      return `${collection}/${name}`
    }

    it('that is immutable keeps its data, and stays so', async () => {
      const path = await fixed()
      const changed = await scene.patch('merge', path, { data: { a: 'Mg==' } })
      expect(refused(changed, 422, 'Invalid').message).toContain(says('data'))
      const opened = await scene.patch('merge', path, { immutable: null })
      expect(refused(opened, 422, 'Invalid').message).toContain(says('immutable'))
      expect((await scene.get(path)).body).toMatchObject({ data: { a: 'MQ==' }, immutable: true })
    })

    it('that is immutable can be labelled and deleted', async () => {
      const path = await fixed()
      expect((await scene.patch('merge', path, { metadata: { labels: { a: 'b' } } })).status).toBe(200)
      expect((await scene.delete(path)).status).toBe(200)
    })
  })

  it('the type of a Secret never changes', async () => {
    const name = scene.fresh()
    await scene.made(secrets, { metadata: { name } })
    const changed = await scene.patch('merge', `${secrets}/${name}`, { type: 'example.com/other' })
    expect(refused(changed, 422, 'Invalid').message).toContain('type: Invalid value: "example.com/other"')
  })
}
