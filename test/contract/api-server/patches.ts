import { describe, expect, it } from 'vitest'
import { type ApiScene, claim, collections, refused } from './scene.ts'

const { configMaps, deployments, eipClaims } = collections

/** A Deployment of no Pods, whose controller lets it be. */
const deployment = (name: string) => ({
  metadata: { name, labels: { a: '1', b: '2' } },
  spec: {
    replicas: 0,
    paused: true,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        containers: [
          { name: 'one', image: 'example.com/one:1', env: [{ name: 'A', value: '1' }] },
          { name: 'two', image: 'example.com/two:1' },
        ],
      },
    },
  },
})

export function patchesContract(scene: ApiScene): void {
  it.each(['json', 'merge', 'strategic'] as const)('a %s patch cannot be forced', async (kind) => {
    const own = scene.fresh()
    await scene.configMap(own)
    const path = `${configMaps}/${own}?force=false`
    const answer = await scene.patch(kind, path, kind === 'json' ? [] : { data: { a: '1' } })
    expect(refused(answer, 422, 'Invalid').message).toContain(
      'force: Forbidden: may not be specified for non-apply patch',
    )
  })

  describe('a JSON patch', () => {
    it('does its operations in order', async () => {
      const own = scene.fresh()
      await scene.configMap(own, { data: { a: '1', gone: '3' } })
      const { body } = await scene.patch('json', `${configMaps}/${own}`, [
        { op: 'test', path: '/data/a', value: '1' },
        { op: 'add', path: '/data/b', value: '1' },
        { op: 'add', path: '/metadata/annotations', value: {} },
        { op: 'add', path: '/metadata/annotations/x~1y', value: 'slash' },
        { op: 'copy', from: '/data/b', path: '/data/c' },
        { op: 'remove', path: '/data/gone' },
      ])
      expect(body.data).toEqual({ a: '1', b: '1', c: '1' })
      expect(body.metadata.annotations).toEqual({ 'x/y': 'slash' })
    })

    it.each([
      ['whose test fails', { op: 'test', path: '/data/a', value: 'other' }],
      ['of a path that is not there', { op: 'remove', path: '/data/nothing' }],
    ])('%s changes nothing and is Invalid', async (_, operation) => {
      const own = scene.fresh()
      const before = await scene.configMap(own, { data: { a: '1' } })
      const path = `${configMaps}/${own}`
      const add = { op: 'add', path: '/data/b', value: '1' }
      const { message } = refused(await scene.patch('json', path, [add, operation]), 422, 'Invalid')
      expect(message).toContain('the server rejected our request due to an error in our request')
      expect((await scene.get(path)).body.metadata.resourceVersion).toBe(before.metadata.resourceVersion)
    })

    it('that is no list is refused', async () => {
      const own = scene.fresh()
      await scene.configMap(own)
      refused(await scene.patch('json', `${configMaps}/${own}`, { data: {} }), 400, 'BadRequest')
    })
  })

  describe('a strategic merge patch', () => {
    const container = (name: string) => (all: { name: string }[]) => all.find((one) => one.name === name)

    it.each([
      ['the object', { $patch: 'foo', spec: { replicas: 0 } }, 'unknown patch type: foo in map: '],
      ['a map', { spec: { template: { $patch: 'foo' } } }, 'unknown patch type: foo in map: '],
      [
        'an item',
        { spec: { template: { spec: { containers: [{ name: 'one', $patch: 'foo' }] } } } },
        'unknown patch type: foo in map: ',
      ],
      [
        'a list',
        { spec: { template: { spec: { containers: [{ name: 'one', $patch: 'merge' }] } } } },
        'merging lists cannot yet be specified in the patch',
      ],
    ])('with a directive for %s that there is not fails', async (_, patch, says) => {
      const own = scene.fresh()
      await scene.made(deployments, deployment(own))
      const { status, body } = await scene.patch('strategic', `${deployments}/${own}`, patch)
      expect(status).toBe(500)
      expect(body.message).toContain(says)
    })

    it('merges lists by their keys, and takes items away', async () => {
      const own = scene.fresh()
      await scene.made(deployments, deployment(own))
      const { body } = await scene.patch('strategic', `${deployments}/${own}`, {
        metadata: { labels: { b: null } },
        spec: {
          template: {
            spec: {
              containers: [
                { name: 'one', env: [{ name: 'B', value: '2' }] },
                { name: 'two', $patch: 'delete' },
                { name: 'three', image: 'example.com/three:1' },
              ],
            },
          },
        },
      })
      const { containers } = body.spec.template.spec
      expect(container('one')(containers)).toMatchObject({
        image: 'example.com/one:1',
        env: [
          { name: 'B', value: '2' },
          { name: 'A', value: '1' },
        ],
      })
      expect(container('two')(containers)).toBeUndefined()
      expect(container('three')(containers)).toMatchObject({ image: 'example.com/three:1' })
      expect(body.metadata.labels).toEqual({ a: '1' })
    })

    it('puts items in the order that it names, and replaces lists when told to', async () => {
      const own = scene.fresh()
      await scene.made(deployments, deployment(own))
      const path = `${deployments}/${own}`
      const spec = { $setElementOrder: undefined, containers: [{ name: 'two', image: 'example.com/two:2' }] }
      const ordered = await scene.patch('strategic', path, {
        spec: {
          template: {
            spec: { ...spec, '$setElementOrder/containers': [{ name: 'two' }, { name: 'one' }] },
          },
        },
      })
      const all: { name: string }[] = ordered.body.spec.template.spec.containers
      expect(all.map(({ name }) => name)).toEqual(['two', 'one'])
      const replaced = await scene.patch('strategic', path, {
        spec: {
          template: {
            spec: { containers: [{ name: 'only', image: 'example.com/only:1' }, { $patch: 'replace' }] },
          },
        },
      })
      const left: { name: string }[] = replaced.body.spec.template.spec.containers
      expect(left.map(({ name }) => name)).toEqual(['only'])
    })

    it('adds finalizers to those that there are', async () => {
      const own = scene.fresh()
      await scene.configMap(own, { metadata: { finalizers: ['example.com/a'] } })
      const path = `${configMaps}/${own}`
      const { body } = await scene.patch('strategic', path, { metadata: { finalizers: ['example.com/b'] } })
      expect(body.metadata.finalizers.toSorted()).toEqual(['example.com/a', 'example.com/b'])
      const less = await scene.patch('strategic', path, {
        metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a', 'example.com/b'] },
      })
      expect(less.body.metadata.finalizers).toBeUndefined()
    })

    it('of a custom resource is not supported', async () => {
      const own = scene.fresh()
      await scene.made(eipClaims, claim(own))
      refused(await scene.patch('strategic', `${eipClaims}/${own}`, {}), 415, 'UnsupportedMediaType')
    })
  })

  describe('a patch', () => {
    it('of a kind that there is not is not supported', async () => {
      const own = scene.fresh()
      await scene.configMap(own)
      const request = { method: 'PATCH', contentType: 'application/json', body: {} } as const
      refused(await scene.api.call(`${configMaps}/${own}`, request), 415, 'UnsupportedMediaType')
    })

    it('cannot rename', async () => {
      const own = scene.fresh()
      await scene.configMap(own)
      const answer = await scene.patch('merge', `${configMaps}/${own}`, {
        metadata: { name: `${own}-other` },
      })
      refused(answer, 400, 'BadRequest')
    })
  })
}
