import { describe, expect, it } from 'vitest'
import { type ApiScene, collections, refused } from './scene.ts'

const { configMaps } = collections

export function appliesContract(scene: ApiScene): void {
  const apply = (path: string, manager: string, object: object, more = '') =>
    scene.patch('apply', `${path}?fieldManager=${manager}${more}`, object)
  const data = (name: string, values: object) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name },
    data: values,
  })

  describe('server-side apply, as any client asks for it', () => {
    it('answers 201 when it creates and 200 afterwards', async () => {
      const own = scene.fresh()
      const path = `${configMaps}/${own}`
      expect((await apply(path, 'one', data(own, { a: '1' }))).status).toBe(201)
      expect((await apply(path, 'one', data(own, { a: '1' }))).status).toBe(200)
    })

    it('tells of every conflict, field by field', async () => {
      const own = scene.fresh()
      const path = `${configMaps}/${own}`
      await apply(path, 'one', data(own, { a: '1', b: '1' }))
      const one = refused(await apply(path, 'two', data(own, { a: '2' })), 409, 'Conflict')
      expect(one.message).toBe('Apply failed with 1 conflict: conflict with "one": .data.a')
      expect(one.details).toEqual({
        causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "one"', field: '.data.a' }],
      })
      const both = refused(await apply(path, 'two', data(own, { a: '2', b: '2' })), 409, 'Conflict')
      expect(both.message).toBe('Apply failed with 2 conflicts: conflicts with "one":\n- .data.a\n- .data.b')
      expect(both.details.causes).toHaveLength(2)
    })

    it('forced takes fields over, and their former manager has them no longer', async () => {
      const own = scene.fresh()
      const path = `${configMaps}/${own}`
      await apply(path, 'one', data(own, { a: '1', b: '1' }))
      const forced = await apply(path, 'two', data(own, { a: '2' }), '&force=true')
      expect(forced.body.data).toEqual({ a: '2', b: '1' })
      const fields = (manager: string) =>
        forced.body.metadata.managedFields.find((one: { manager: string }) => one.manager === manager)
          .fieldsV1
      expect(fields('one')).toEqual({ 'f:data': { 'f:b': {} } })
      expect(fields('two')).toEqual({ 'f:data': { 'f:a': {} } })
    })

    it('lets several own the same value, which goes with the last of them', async () => {
      const own = scene.fresh()
      const path = `${configMaps}/${own}`
      await apply(path, 'one', data(own, { shared: 'x', a: '1' }))
      await apply(path, 'two', data(own, { shared: 'x', b: '2' }))
      const without = await apply(path, 'one', data(own, { a: '1' }))
      expect(without.body.data).toEqual({ shared: 'x', a: '1', b: '2' })
      const nobody = await apply(path, 'two', data(own, { b: '2' }))
      expect(nobody.body.data).toEqual({ a: '1', b: '2' })
    })

    it('meets what others have written without applying, too', async () => {
      const own = scene.fresh()
      const path = `${configMaps}/${own}`
      await apply(path, 'one', data(own, { a: '1' }))
      await scene.patch('merge', `${path}?fieldManager=editor`, { data: { a: '2' } })
      const status = refused(await apply(path, 'one', data(own, { a: '1' })), 409, 'Conflict')
      expect(status.message).toBe('Apply failed with 1 conflict: conflict with "editor" using v1: .data.a')
      expect((await apply(path, 'one', data(own, { a: '2' }))).body.data).toEqual({ a: '2' })
    })

    it.each([
      ['without a manager', '', {}, 'fieldManager: Required value: is required for apply patch'],
      [
        'by a manager of too long a name',
        `fieldManager=${'x'.repeat(129)}`,
        {},
        'fieldManager: Too long: may not be more than 128 bytes',
      ],
    ])('%s is refused', async (_, query, __, says) => {
      const own = scene.fresh()
      const answer = await scene.patch('apply', `${configMaps}/${own}?${query}`, data(own, {}))
      expect(refused(answer, 422, 'Invalid').message).toContain(says)
    })

    it('takes no managedFields, and no object without a kind', async () => {
      const own = scene.fresh()
      const path = `${configMaps}/${own}`
      await apply(path, 'one', data(own, {}))
      for (const managedFields of [[], [{ manager: 'x' }]]) {
        const managed = { ...data(own, {}), metadata: { name: own, managedFields } }
        const { message } = refused(await apply(path, 'one', managed), 400, 'BadRequest')
        expect(message).toBe('metadata.managedFields must be nil')
      }
      expect((await apply(path, 'one', { metadata: { name: own } })).status).toBe(400)
    })

    it('in an old version is a conflict', async () => {
      const own = scene.fresh()
      const path = `${configMaps}/${own}`
      const { metadata } = await scene.configMap(own)
      await apply(path, 'one', data(own, { a: '1' }))
      const object = data(own, { a: '2' })
      const old = { ...object, metadata: { ...object.metadata, resourceVersion: metadata.resourceVersion } }
      refused(await apply(path, 'one', old), 409, 'Conflict')
    })
  })
}
