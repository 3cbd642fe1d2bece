import { describe, expect, it } from 'vitest'
import { type ApiScene, collections, refused } from './scene.ts'

const { configMaps, eipClaims, pods } = collections

export function errorsContract(scene: ApiScene): void {
  describe('a refusal', () => {
    it('of what is not there names it', async () => {
      const status = refused(await scene.get(`${configMaps}/nobody`), 404, 'NotFound')
      expect(status).toMatchObject({ metadata: {}, message: 'configmaps "nobody" not found' })
      expect(status.details).toEqual({ name: 'nobody', kind: 'configmaps' })
      const custom = refused(await scene.get(`${eipClaims}/nobody`), 404, 'NotFound')
      const group = 'networking.tke.cloud.tencent.com'
      expect(custom.message).toBe(`eipclaims.${group} "nobody" not found`)
      expect(custom.details).toEqual({ name: 'nobody', group, kind: 'eipclaims' })
    })

    it('of a name that is taken names it', async () => {
      const own = scene.fresh()
      await scene.configMap(own)
      const status = refused(await scene.post(configMaps, { metadata: { name: own } }), 409, 'AlreadyExists')
      expect(status.message).toBe(`configmaps "${own}" already exists`)
      expect(status.details).toEqual({ name: own, kind: 'configmaps' })
    })

    it('of an invalid object names each field', async () => {
      const object = { metadata: { name: 'No Name', labels: { 'a b': 'c' } } }
      const status = refused(await scene.post(configMaps, object), 422, 'Invalid')
      expect(status.message).toMatch(
        /^ConfigMap "No Name" is invalid: \[metadata\.name: Invalid value: "No Name": /,
      )
      expect(status.details).toMatchObject({ name: 'No Name', kind: 'ConfigMap' })
      expect(status.details.causes.map(({ field }: { field: string }) => field)).toEqual(
        expect.arrayContaining(['metadata.name', 'metadata.labels']),
      )
    })

    it('of a Pod without containers names the field', async () => {
      const own = scene.fresh()
      const status = refused(
        await scene.post(pods, { metadata: { name: own }, spec: { containers: [] } }),
        422,
        'Invalid',
      )
      expect(status.details.causes).toContainEqual({
        reason: 'FieldValueRequired',
        field: 'spec.containers',
        message: 'Required value',
      })
    })

    it('of a new object that says its version has no reason', async () => {
      const object = { metadata: { name: scene.fresh(), resourceVersion: '1' } }
      const { status, body } = await scene.post(configMaps, object)
      expect(status).toBe(500)
      expect(body).toMatchObject({ kind: 'Status', status: 'Failure', code: 500 })
      expect(body.message).toBe('resourceVersion should not be set on objects to be created')
      expect(body.reason).toBeUndefined()
    })

    it.each([
      'limit=x',
      'limit=',
      'limit=1.5',
      'timeoutSeconds=x',
      'watch=1&timeoutSeconds=x',
      'watch=1&limit=x',
    ])('of %s, which is no number, says so', async (query) => {
      const { message } = refused(await scene.get(`${configMaps}?${query}`), 400, 'BadRequest')
      expect(message).toMatch(/^strconv.ParseInt: parsing "(x||1.5)": invalid syntax$/)
    })

    it('of an object without a name says that it needs one', async () => {
      const status = refused(await scene.post(configMaps, { metadata: {} }), 422, 'Invalid')
      expect(status.message).toContain('metadata.name: Required value: name or generateName is required')
    })

    it('of a path that is not served says so', async () => {
      const status = refused(await scene.get('/api/v1/namespaces/default/nonsense'), 404, 'NotFound')
      expect(status.message).toBe('the server could not find the requested resource')
      expect((await scene.get('/apis/nonsense.example.com/v1/nonsense')).status).toBe(404)
    })

    it('of a method that is not served says so', async () => {
      const own = scene.fresh()
      await scene.configMap(own)
      const status = refused(await scene.post(`${configMaps}/${own}`, {}), 405, 'MethodNotAllowed')
      expect(status.message).toBe('the server does not allow this method on the requested resource')
    })

    it.each([
      ['another kind', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } }],
      ['another version', { apiVersion: 'v2', kind: 'ConfigMap', metadata: { name: 'x' } }],
      ['another namespace', { metadata: { name: 'x', namespace: 'kube-system' } }],
      ['a list', []],
      ['a text', 'text'],
    ])('of %s than the one of the path is a BadRequest', async (_, object) => {
      refused(await scene.post(configMaps, object), 400, 'BadRequest')
    })

    it('of a custom resource that does not say its kind says that', async () => {
      const { message } = refused(await scene.post(eipClaims, { metadata: { name: 'x' } }), 400, 'BadRequest')
      expect(message).toContain("must be of type EIPClaim): Object 'Kind' is missing")
    })

    it('of an object in a namespace that is not there names that', async () => {
      const path = '/api/v1/namespaces/nowhere/configmaps'
      const status = refused(await scene.post(path, { metadata: { name: 'x' } }), 404, 'NotFound')
      expect(status.message).toBe('namespaces "nowhere" not found')
      expect((await scene.get(path)).body.items).toEqual([])
    })
  })

  it('a name is completed when only its beginning is given', async () => {
    const { metadata } = await scene.made(configMaps, { metadata: { generateName: 'made-' } })
    expect(metadata.name).toMatch(/^made-[a-z0-9]{5}$/)
    expect(metadata.generateName).toBe('made-')
  })
}
