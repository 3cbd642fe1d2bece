import type { KubeObject } from '@pod-eip/kube'
import { beforeAll, describe, expect, it } from 'vitest'
import { until } from '../until.ts'
import { definition, gadgets, group, names } from './gadget.ts'
import { type ApiScene, collections, refused } from './scene.ts'

const { definitions } = collections
export function definitionsContract(scene: ApiScene): void {
  const conditions = ({ status }: KubeObject) =>
    Object.fromEntries(
      (status?.conditions ?? []).map((one: { type: string; status: string }) => [one.type, one.status]),
    )
  const gadget = (name: string, spec: object) => ({
    ...{ apiVersion: `${group}/v1`, kind: 'Gadget', metadata: { name }, spec },
  })

  describe('a CustomResourceDefinition', () => {
    beforeAll(async () => {
      await scene.made(definitions, definition)
      await until('gadgets are served', async () => (await scene.get(gadgets)).status === 200)
    })

    it('says that it is established, and what is stored', async () => {
      const { body } = await scene.get(`${definitions}/${definition.metadata.name}`)
      expect(conditions(body)).toMatchObject({ NamesAccepted: 'True', Established: 'True' })
      expect(body.status).toMatchObject({
        storedVersions: ['v1'],
        acceptedNames: { ...names, listKind: 'GadgetList' },
      })
      expect(body.spec.conversion).toEqual({ strategy: 'None' })
      expect(body.metadata.finalizers).toBeUndefined()
    })

    it('fills in defaults, drops what it does not know, and keeps what it is told to', async () => {
      const spec = {
        ...{ size: 3, unknown: 'x', port: 'http', note: null, labels: { any: 'thing' } },
        free: { unknown: 1 },
        parts: [{ name: 'a' }],
      }
      const { spec: kept } = await scene.made(gadgets, gadget(scene.fresh(), spec))
      expect(kept).toEqual({
        ...{ size: 3, colour: 'red', port: 'http', note: null, labels: { any: 'thing' } },
        free: { unknown: 1 },
        parts: [{ name: 'a', count: 1 }],
      })
    })

    it.each<[string, object, string, string]>([
      ['a field that is missing', {}, 'FieldValueRequired', 'spec.size'],
      ['a number too small', { size: 0 }, 'FieldValueInvalid', 'spec.size'],
      ['a number too large', { size: 10 }, 'FieldValueInvalid', 'spec.size'],
      ['another type', { size: 'three' }, 'FieldValueTypeInvalid', 'spec.size'],
      ['another value', { size: 1, colour: 'green' }, 'FieldValueNotSupported', 'spec.colour'],
      ['another pattern', { size: 1, code: 'A1' }, 'FieldValueInvalid', 'spec.code'],
      ['a text too long', { size: 1, code: 'abcdef' }, 'FieldValueTooLong', 'spec.code'],
      [
        'too many items',
        { size: 1, parts: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] },
        'FieldValueTooMany',
        'spec.parts',
      ],
      [
        'a key twice',
        { size: 1, parts: [{ name: 'a' }, { name: 'a' }] },
        'FieldValueDuplicate',
        'spec.parts[1]',
      ],
      ['neither number nor text', { size: 1, port: true }, 'FieldValueTypeInvalid', 'spec.port'],
      ['a value in a map of texts', { size: 1, labels: { a: 1 } }, 'FieldValueTypeInvalid', 'spec.labels.a'],
    ])('refuses %s', async (_, spec, reason, field) => {
      const own = scene.fresh()
      const status = refused(await scene.post(gadgets, gadget(own, spec)), 422, 'Invalid')
      expect(status.message).toMatch(new RegExp(`^Gadget\\.${group} "${own}" is invalid: `))
      expect(status.details).toMatchObject({ name: own, group, kind: 'Gadget' })
      expect(status.details.causes).toContainEqual({ reason, field, message: expect.any(String) })
    })

    it('shows its columns, and an empty cell for what is not there', async () => {
      const own = scene.fresh()
      await scene.made(gadgets, gadget(own, { size: 3 }))
      const { body } = await scene.get(`${gadgets}/${own}`, 'application/json;as=Table;v=v1;g=meta.k8s.io')
      const shown = body.columnDefinitions.map(
        ({ name, type, priority }: { name: string; type: string; priority: number }) =>
          `${name} ${type} ${priority}`,
      )
      expect(shown).toEqual(['Name string 0', 'Size integer 0', 'First string 1', 'Age date 0'])
      expect(body.rows[0].cells.slice(0, 3)).toEqual([own, 3, null])
    })

    it('lets its fields be selected by', async () => {
      const own = scene.fresh()
      await scene.made(gadgets, gadget(own, { size: 3, colour: 'blue' }))
      const { body } = await scene.get(`${gadgets}?fieldSelector=spec.colour=blue`)
      expect(body.items.map(({ metadata }: KubeObject) => metadata.name)).toEqual([own])
      refused(await scene.get(`${gadgets}?fieldSelector=spec.size=3`), 400, 'BadRequest')
    })

    it('cannot have a name that is not its own, nor versions without one that is stored', async () => {
      const named = { ...definition, metadata: { name: 'other.example.com' } }
      const wrong = refused(await scene.post(definitions, named), 422, 'Invalid')
      expect(wrong.message).toContain('must be spec.names.plural+"."+spec.group')
      const plural = 'widgets'
      const spec = {
        ...{ ...definition.spec, names: { plural, kind: 'Widget' } },
        versions: [{ ...definition.spec.versions[0], storage: false }],
      }
      const unstored = await scene.post(definitions, {
        ...definition,
        metadata: { name: `${plural}.${group}` },
        spec,
      })
      expect(refused(unstored, 422, 'Invalid').message).toContain(
        'must have exactly one version marked as storage version',
      )
    })

    it('takes its objects along when it goes', async () => {
      await scene.delete(`${definitions}/${definition.metadata.name}`)
      await until('the definition is gone', async () => {
        return (await scene.get(`${definitions}/${definition.metadata.name}`)).status === 404
      })
      await until('gadgets are not served', async () => (await scene.get(gadgets)).status === 404)
      await scene.made(definitions, definition)
      await until('gadgets are served again', async () => (await scene.get(gadgets)).status === 200)
      expect((await scene.get(gadgets)).body.items).toEqual([])
      await scene.delete(`${definitions}/${definition.metadata.name}`)
    })
  })
}
