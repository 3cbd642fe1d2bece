import { describe, expect, it } from 'vitest'
import type { ApiAnswer } from '../../api-server/api-client.ts'
import { type ApiScene, collections, pod, refused } from './scene.ts'

const { configMaps, deployments, pods } = collections

export function subresourcesContract(scene: ApiScene): void {
  describe('the scale of a workload', () => {
    /** Paused, so that no controller acts on it. */
    const deployment = async () => {
      const name = scene.fresh()
      const labels = { app: name }
      const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'a' }] } }
      const spec = { replicas: 0, paused: true, selector: { matchLabels: labels }, template }
      await scene.made(deployments, { metadata: { name }, spec })
      return name
    }

    it('is read as a Scale, with the selector as text', async () => {
      const name = await deployment()
      const { body } = await scene.get(`${deployments}/${name}/scale`)
      expect(body).toMatchObject({
        ...{ kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name, namespace: 'default' } },
        status: { replicas: 0, selector: `app=${name}` },
      })
      expect(body.spec.replicas ?? 0).toBe(0)
    })

    it('is written and patched', async () => {
      const name = await deployment()
      const path = `${deployments}/${name}/scale`
      const { body } = await scene.get(path)
      const { resourceVersion: _, ...metadata } = body.metadata
      const put = await scene.put(path, { ...body, metadata, spec: { replicas: 2 } })
      expect(put.body.spec.replicas).toBe(2)
      const patched = await scene.patch('merge', path, { spec: { replicas: 3 } })
      expect(patched.body.spec.replicas).toBe(3)
      expect((await scene.get(`${deployments}/${name}`)).body.spec.replicas).toBe(3)
    })

    it('in an old version is a conflict, and below zero is refused', async () => {
      const name = await deployment()
      const path = `${deployments}/${name}/scale`
      const { body } = await scene.get(path)
      const old = { ...body, metadata: { ...body.metadata, resourceVersion: '1' } }
      refused(await scene.put(path, { ...old, spec: { replicas: 2 } }), 409, 'Conflict')
      refused(await scene.patch('merge', path, { spec: { replicas: -1 } }), 422, 'Invalid')
    })

    it('is there for workloads only', async () => {
      const name = scene.fresh()
      await scene.configMap(name)
      refused(await scene.get(`${configMaps}/${name}/scale`), 404, 'NotFound')
    })
  })

  describe('a Pod', () => {
    const binding = (name: string, node: string) => ({
      ...{ apiVersion: 'v1', kind: 'Binding', metadata: { name, namespace: 'default' } },
      target: { apiVersion: 'v1', kind: 'Node', name: node },
    })

    it('is bound to a Node once', async () => {
      const name = scene.fresh()
      await scene.made(pods, pod(name))
      const bound = await scene.post(`${pods}/${name}/binding`, binding(name, `${name}-node`))
      expect(bound).toMatchObject({ status: 201, body: { kind: 'Status', status: 'Success' } })
      const { body } = await scene.get(`${pods}/${name}`)
      expect(body.spec.nodeName).toBe(`${name}-node`)
      expect(body.status.conditions).toContainEqual(
        expect.objectContaining({ type: 'PodScheduled', status: 'True' }),
      )
      const again = await scene.post(`${pods}/${name}/binding`, binding(name, 'another'))
      refused(again, 409, 'Conflict')
      await scene.delete(`${pods}/${name}`, { gracePeriodSeconds: 0 })
    })

    it('is evicted', async () => {
      const name = scene.fresh()
      await scene.made(pods, pod(name))
      const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' } }
      const { status, body } = await scene.post(`${pods}/${name}/eviction`, eviction)
      expect(status).toBe(201)
      expect(body).toMatchObject({ kind: 'Status', status: 'Success' })
      refused(await scene.get(`${pods}/${name}`), 404, 'NotFound')
      refused(await scene.post(`${pods}/${name}/eviction`, eviction), 404, 'NotFound')
    })
  })
  describe('the ephemeral containers of a Pod', () => {
    const debugging = (more: object = {}) => ({
      spec: { ephemeralContainers: [{ name: 'debug', image: 'b', targetContainerName: 'app', ...more }] },
    })
    const made = async () => {
      const name = scene.fresh()
      await scene.made(pods, pod(name))
      return `${pods}/${name}`
    }
    const add = (path: string, more?: object) =>
      scene.patch('strategic', `${path}/ephemeralcontainers`, debugging(more))
    const says = (answer: ApiAnswer) => refused(answer, 422, 'Invalid').message

    it('are added, and nothing else is written with them', async () => {
      const path = await made()
      const other = { metadata: { labels: { a: 'b' } }, ...debugging() }
      const { status, body } = await scene.patch('strategic', `${path}/ephemeralcontainers`, other)
      expect(status).toBe(200)
      expect(body).toMatchObject({ kind: 'Pod', ...debugging({ terminationMessagePolicy: 'File' }) })
      expect(body.metadata.labels).toBeUndefined()
      expect((await scene.get(`${path}/ephemeralcontainers`)).body).toEqual((await scene.get(path)).body)
      const entry = { operation: 'Update', subresource: 'ephemeralcontainers' }
      expect(body.metadata.managedFields).toContainEqual(expect.objectContaining(entry))
    })

    it('are added by a PUT of the whole Pod, too', async () => {
      const path = await made()
      const { body } = await scene.get(path)
      const { ephemeralContainers } = debugging().spec
      const put = await scene.put(`${path}/ephemeralcontainers`, {
        ...body,
        spec: { ...body.spec, ephemeralContainers },
      })
      expect(put.body.spec.ephemeralContainers).toHaveLength(1)
    })

    it('stay as they are', async () => {
      const path = await made()
      await add(path)
      const field = 'spec.ephemeralContainers: Forbidden: existing ephemeral containers "debug" may not be'
      expect(says(await add(path, { image: 'c' }))).toContain(`${field} changed`)
      const none = { spec: { ephemeralContainers: null } }
      expect(says(await scene.patch('merge', `${path}/ephemeralcontainers`, none))).toContain(
        `${field} removed`,
      )
    })

    it.each<[string, object, string]>([
      ['a target that is not there', { targetContainerName: 'x' }, '.targetContainerName: Not found: "x"'],
      ['a name that is taken', { name: 'app' }, '.name: Duplicate value: "app"'],
      ['no image', { image: '' }, '.image: Required value'],
      [
        'ports',
        { ports: [{ containerPort: 80 }] },
        '.ports: Forbidden: cannot be set for an Ephemeral Container',
      ],
    ])('with %s are refused', async (_, more, what) => {
      expect(says(await add(await made(), more))).toContain(`spec.ephemeralContainers[0]${what}`)
    })

    it('come by no other way', async () => {
      const created = await scene.post(pods, pod(scene.fresh(), debugging()))
      expect(says(created)).toContain('spec.ephemeralContainers: Forbidden: cannot be set on create')
      const path = await made()
      expect(says(await scene.patch('strategic', path, debugging()))).toContain(
        'spec: Forbidden: pod updates may not change fields',
      )
      refused(await scene.post(`${path}/ephemeralcontainers`, {}), 405, 'MethodNotAllowed')
    })
  })
}
