import { expect, test } from 'vitest'
import { configMaps, deployments, pod, pods, refusal, testStore } from './testing/objects.ts'

const labels = { app: 'd' }
const deployment = {
  metadata: { name: 'd', namespace: 'default' },
  spec: {
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          { name: 'a', image: 'a:1', env: [{ name: 'X', value: '1' }] },
          { name: 'b', image: 'b:1' },
        ],
      },
    },
  },
}
const containers = (...items: object[]) => ({ spec: { template: { spec: { containers: items } } } })

test('a strategic merge patch merges containers and their variables by name, and deletes by directive', () => {
  const { store } = testStore()
  store.create(deployments, deployment)
  const body = containers(
    { name: 'a', env: [{ name: 'Y', value: '2' }] },
    { name: 'b', $patch: 'delete' },
    { name: 'c', image: 'c:1' },
  )
  const patched = store.patch(deployments, 'default', 'd', { type: 'strategic', body })
  expect(patched.spec.template.spec.containers).toMatchObject([
    {
      name: 'a',
      image: 'a:1',
      env: [
        { name: 'Y', value: '2' },
        { name: 'X', value: '1' },
      ],
    },
    { name: 'c', image: 'c:1' },
  ])
})

test('a strategic merge patch can set the order of a list, replace an object, and keep only some keys', () => {
  const { store } = testStore()
  store.create(deployments, deployment)
  const order = { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] }
  const strategy = { $retainKeys: ['type'], type: 'Recreate' }
  const body = {
    spec: {
      strategy,
      template: { spec: order, metadata: { labels, annotations: { $patch: 'replace', n: '1' } } },
    },
  }
  const patched = store.patch(deployments, 'default', 'd', { type: 'strategic', body })
  expect(patched.spec.template.spec.containers.map(({ name }: { name: string }) => name)).toEqual(['b', 'a'])
  expect(patched.spec.strategy).toEqual({ type: 'Recreate' })
  expect(patched.spec.template.metadata.annotations).toEqual({ n: '1' })
})

test('finalizers are merged as a set, and taken out one by one', () => {
  const { store } = testStore()
  store.create(configMaps, { metadata: { name: 'c', namespace: 'default', finalizers: ['a/x'] } })
  const patch = (metadata: object) =>
    store.patch(configMaps, 'default', 'c', { type: 'strategic', body: { metadata } })
  expect(patch({ finalizers: ['b/y'] }).metadata.finalizers).toEqual(['a/x', 'b/y'])
  expect(patch({ '$deleteFromPrimitiveList/finalizers': ['a/x'] }).metadata.finalizers).toEqual(['b/y'])
})

test('a JSON patch that does not fit is refused and changes nothing', () => {
  const { store } = testStore()
  const before = store.create(configMaps, { metadata: { name: 'c', namespace: 'default' }, data: { a: '1' } })
  const tried = (body: object[]) =>
    refusal(() => store.patch(configMaps, 'default', 'c', { type: 'json', body }))
  expect(tried([{ op: 'test', path: '/data/a', value: '2' }])).toMatchObject({ code: 422 })
  expect(tried([{ op: 'remove', path: '/data/z' }])).toMatchObject({ code: 422 })
  expect(store.get(configMaps, 'default', 'c')).toBe(before)
})

test("a Pod's image can be changed, the rest of its spec cannot", () => {
  const { store } = testStore()
  store.create(pods, pod('p'))
  const image = { spec: { containers: [{ name: 'main', image: 'nginx:2' }] } }
  expect(store.patch(pods, 'default', 'p', { type: 'strategic', body: image }).metadata.generation).toBe(2)
  const other = { spec: { hostNetwork: true } }
  const error = refusal(() => store.patch(pods, 'default', 'p', { type: 'strategic', body: other }))
  expect(error).toMatchObject({ code: 422, reason: 'Invalid' })
  expect(error.message).toContain('pod updates may not change fields other than')
})
