import type { KubeObject } from '@pod-eip/kube'
import { expect, test } from 'vitest'
import {
  configMaps,
  definitions,
  deployments,
  pod,
  pods,
  refusal,
  testStore,
  widgetDefinition,
  widgets,
} from './testing/objects.ts'

const apply = (body: object, fieldManager: string, force = false) => ({
  type: 'apply' as const,
  body,
  fieldManager,
  force,
})
const config = (data: Record<string, string>): KubeObject => ({
  metadata: { name: 'c', namespace: 'default' },
  data,
})

test('apply creates, repeats without a trace, and takes away what is said no more', () => {
  const { store, clock } = testStore()
  const first = store.patch(configMaps, 'default', 'c', apply(config({ a: '1', b: '2' }), 'us'))
  expect(first.data).toEqual({ a: '1', b: '2' })
  clock.set(clock.now() + 60_000)
  expect(store.patch(configMaps, 'default', 'c', apply(config({ a: '1', b: '2' }), 'us'))).toBe(first)
  expect(store.patch(configMaps, 'default', 'c', apply(config({ a: '1' }), 'us')).data).toEqual({ a: '1' })
})

test('managers share an object: each owns its own fields, and loses nothing to the other', () => {
  const { store } = testStore()
  store.patch(configMaps, 'default', 'c', apply(config({ a: '1' }), 'us'))
  store.patch(configMaps, 'default', 'c', apply(config({ b: '2' }), 'them'))
  expect(store.patch(configMaps, 'default', 'c', apply(config({}), 'us')).data).toEqual({ b: '2' })
})

test('a field that both say alike stays until both have let go of it', () => {
  const { store } = testStore()
  store.patch(configMaps, 'default', 'c', apply(config({ a: '1' }), 'us'))
  store.patch(configMaps, 'default', 'c', apply(config({ a: '1' }), 'them'))
  expect(store.patch(configMaps, 'default', 'c', apply(config({}), 'us')).data).toEqual({ a: '1' })
  expect(store.patch(configMaps, 'default', 'c', apply(config({}), 'them')).data).toBeUndefined()
})

test('another value for a field of another manager is a conflict that names both; force takes it over', () => {
  const { store } = testStore()
  store.patch(configMaps, 'default', 'c', apply(config({ a: '1' }), 'us'))
  const error = refusal(() => store.patch(configMaps, 'default', 'c', apply(config({ a: '2' }), 'them')))
  expect(error).toMatchObject({ code: 409, reason: 'Conflict' })
  expect(error.message).toBe('Apply failed with 1 conflict: conflict with "us": .data.a')
  expect(error.details.causes).toEqual([
    { reason: 'FieldManagerConflict', message: 'conflict with "us"', field: '.data.a' },
  ])
  store.patch(configMaps, 'default', 'c', apply(config({ a: '2' }), 'them', true))
  // Taken over is taken over: the former owner's silence no longer removes it.
  expect(store.patch(configMaps, 'default', 'c', apply(config({}), 'us')).data).toEqual({ a: '2' })
})

test('an update owns what it changes, so that a later apply of the old value is a conflict', () => {
  const { store } = testStore()
  store.patch(configMaps, 'default', 'c', apply(config({ a: '1' }), 'us'))
  store.patch(configMaps, 'default', 'c', {
    type: 'merge',
    body: { data: { a: '3' } },
    fieldManager: 'editor',
  })
  const error = refusal(() => store.patch(configMaps, 'default', 'c', apply(config({ a: '1' }), 'us')))
  expect(error.message).toContain('conflict with "editor" using v1: .data.a')
})

test('items of keyed lists are merged by their keys, atomic lists are replaced', () => {
  const { store } = testStore()
  const named = (env: { name: string; value: string }[]) => {
    const { metadata } = pod('p')
    return { metadata, spec: { containers: [{ name: 'main', image: 'nginx:1', env }] } }
  }
  const spec = (object: KubeObject) => ({
    metadata: { name: 'd', namespace: 'default' },
    spec: {
      selector: { matchLabels: { app: 'd' } },
      template: { metadata: { labels: { app: 'd' } }, spec: object.spec },
    },
  })
  store.patch(deployments, 'default', 'd', apply(spec(named([{ name: 'A', value: '1' }])), 'us'))
  const template = { spec: { containers: [{ name: 'main', env: [{ name: 'B', value: '2' }] }] } }
  const other = { metadata: { name: 'd', namespace: 'default' }, spec: { template } }
  const both = store.patch(deployments, 'default', 'd', apply(other, 'them'))
  expect(both.spec.template.spec.containers[0].env).toEqual([
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ])
  const left = store.patch(deployments, 'default', 'd', apply(spec(named([])), 'us'))
  expect(left.spec.template.spec.containers[0].env).toEqual([{ name: 'B', value: '2' }])
})

test('the status is applied apart from the rest', () => {
  const { store } = testStore()
  store.create(definitions, widgetDefinition)
  const object = {
    metadata: { name: 'w', namespace: 'default' },
    spec: { size: 1 },
    status: { phase: 'Ready' },
  }
  expect(store.patch(widgets, 'default', 'w', apply(object, 'us'))).not.toHaveProperty('status')
  const told = store.patch(widgets, 'default', 'w', {
    ...apply({ ...object, spec: { size: 9 } }, 'us'),
    subresource: 'status',
  })
  expect(told).toMatchObject({ spec: { size: 1 }, status: { phase: 'Ready' }, metadata: { generation: 1 } })
  expect(store.patch(widgets, 'default', 'w', apply(object, 'us'))).toMatchObject({
    status: { phase: 'Ready' },
  })
})

test("what the server fills in is nobody's, and stays when a manager takes over from an update", () => {
  const { store } = testStore()
  store.create(pods, pod('p'), { fieldManager: 'us' })
  const [entry] = store.get(pods, 'default', 'p').metadata.managedFields as { fieldsV1: object }[]
  expect(entry?.fieldsV1).not.toHaveProperty(['f:spec', 'f:tolerations'])
  expect(entry?.fieldsV1).toHaveProperty(['f:spec', 'f:containers', 'k:{"name":"main"}', 'f:image'])
})
