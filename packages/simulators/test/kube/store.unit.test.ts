import type { KubeObject, WatchEvent } from '@pod-eip/kube'
import { expect, test } from 'vitest'
import { createKubeStore } from '../../src/kube/index.ts'
import {
  configMaps,
  countingIds,
  definitions,
  deployments,
  namespaces,
  pod,
  pods,
  refusal,
  replicaSets,
  testStore,
  widgetDefinition,
  widgets,
} from './testing/objects.ts'

test('an object is created, read, listed, changed and deleted, each under a new resourceVersion', () => {
  const { store } = testStore()
  const created = store.create(configMaps, {
    metadata: { name: 'a', namespace: 'default' },
    data: { x: '1' },
  })
  expect(created.metadata).toMatchObject({
    creationTimestamp: '2026-01-01T00:00:00Z',
    uid: expect.any(String),
  })
  const changed = store.update(configMaps, { ...created, data: { x: '2' } })
  expect(Number(changed.metadata.resourceVersion)).toBeGreaterThan(Number(created.metadata.resourceVersion))
  expect(store.get(configMaps, 'default', 'a')).toEqual(changed)
  expect(store.list(configMaps, { namespace: 'default' }).items).toEqual([changed])
  expect(store.delete(configMaps, 'default', 'a').removed).toBe(true)
  expect(refusal(() => store.get(configMaps, 'default', 'a'))).toMatchObject({
    code: 404,
    reason: 'NotFound',
  })
})

test('a writer with an old resourceVersion gets a conflict', () => {
  const { store } = testStore()
  const created = store.create(configMaps, { metadata: { name: 'a', namespace: 'default' } })
  store.update(configMaps, { ...created, data: { x: '2' } })
  expect(refusal(() => store.update(configMaps, { ...created, data: { x: '3' } }))).toMatchObject({
    code: 409,
    reason: 'Conflict',
  })
})

test('writing what is there already changes nothing and tells nobody', () => {
  const { store } = testStore()
  const created = store.create(configMaps, {
    metadata: { name: 'a', namespace: 'default' },
    data: { x: '1' },
  })
  expect(store.update(configMaps, created)).toBe(created)
})

test('a watch tells every change after its version, in order, and as the selector sees it', () => {
  const { store } = testStore()
  const start = store.resourceVersion()
  const seen: string[] = []
  const tell = (event: WatchEvent) =>
    seen.push(event.type === 'BOOKMARK' ? event.type : `${event.type} ${event.object.metadata.name}`)
  store.create(configMaps, { metadata: { name: 'early', namespace: 'default', labels: { app: 'x' } } })
  const stop = store.watch(configMaps, { resourceVersion: start, labelSelector: 'app=x' }, tell)
  store.create(configMaps, { metadata: { name: 'other', namespace: 'default' } })
  store.patch(configMaps, 'default', 'other', { type: 'merge', body: { metadata: { labels: { app: 'x' } } } })
  store.patch(configMaps, 'default', 'other', { type: 'merge', body: { data: { a: 'b' } } })
  store.patch(configMaps, 'default', 'other', {
    type: 'merge',
    body: { metadata: { labels: { app: null } } },
  })
  store.delete(configMaps, 'default', 'early')
  stop()
  store.create(configMaps, { metadata: { name: 'late', namespace: 'default', labels: { app: 'x' } } })
  expect(seen).toEqual(['ADDED early', 'ADDED other', 'MODIFIED other', 'DELETED other', 'DELETED early'])
})

test('a change made inside a handler is told after the one in hand, to everybody', () => {
  const { store } = testStore()
  const seen: string[] = []
  store.watch(configMaps, {}, (event) => {
    if (event.type === 'ADDED' && event.object.metadata.name === 'a') {
      store.create(configMaps, { metadata: { name: 'b', namespace: 'default' } })
    }
  })
  store.watch(configMaps, {}, (event) => event.type !== 'BOOKMARK' && seen.push(event.object.metadata.name))
  store.create(configMaps, { metadata: { name: 'a', namespace: 'default' } })
  expect(seen).toEqual(['a', 'b'])
})

test('a watch from before the history is answered Expired', () => {
  const { store } = testStore()
  const start = store.resourceVersion()
  store.create(configMaps, { metadata: { name: 'a', namespace: 'default' } })
  store.compact()
  expect(refusal(() => store.watch(configMaps, { resourceVersion: start }, () => {}))).toMatchObject({
    code: 410,
    reason: 'Expired',
  })
})

test('the pages of a list show one state, whatever happens in between', () => {
  const { store } = testStore()
  for (const name of ['a', 'b', 'c']) store.create(configMaps, { metadata: { name, namespace: 'default' } })
  const first = store.list(configMaps, { limit: 2 })
  store.delete(configMaps, 'default', 'c')
  store.create(configMaps, { metadata: { name: 'd', namespace: 'default' } })
  const second = store.list(configMaps, { limit: 2, continue: first.continue! })
  expect([...first.items, ...second.items].map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c'])
  expect(second.resourceVersion).toBe(first.resourceVersion)
})

test('a Pod on a Node stays until its kubelet confirms; one without a Node goes at once', () => {
  const { store } = testStore()
  store.create(pods, pod('idle'))
  expect(store.delete(pods, 'default', 'idle').removed).toBe(true)
  store.create(pods, pod('busy'))
  store.bind('default', 'busy', '10.0.0.1')
  const { object, removed } = store.delete(pods, 'default', 'busy')
  expect(removed).toBe(false)
  expect(object.metadata).toMatchObject({
    deletionTimestamp: '2026-01-01T00:00:30Z',
    deletionGracePeriodSeconds: 30,
  })
  expect(store.delete(pods, 'default', 'busy', { gracePeriodSeconds: 0 }).removed).toBe(true)
})

test('finalizers keep an object until the last is taken off', () => {
  const { store } = testStore()
  store.create(configMaps, {
    metadata: { name: 'a', namespace: 'default', finalizers: ['example.com/wait'] },
  })
  expect(store.delete(configMaps, 'default', 'a').removed).toBe(false)
  store.patch(configMaps, 'default', 'a', { type: 'merge', body: { metadata: { finalizers: null } } })
  expect(refusal(() => store.get(configMaps, 'default', 'a'))).toMatchObject({ code: 404 })
})

const owned = (name: string, owner: KubeObject): KubeObject => ({
  metadata: {
    name,
    namespace: 'default',
    ownerReferences: [
      {
        apiVersion: owner.apiVersion ?? '',
        kind: owner.kind ?? '',
        name: owner.metadata.name,
        uid: owner.metadata.uid ?? '',
        blockOwnerDeletion: true,
        controller: true,
      },
    ],
  },
})

test.each([
  { propagationPolicy: 'Background' as const, left: [] },
  { propagationPolicy: 'Foreground' as const, left: [] },
  { propagationPolicy: 'Orphan' as const, left: ['child', 'grandchild'] },
])('$propagationPolicy deletion leaves $left', ({ propagationPolicy, left }) => {
  const { store } = testStore()
  const owner = store.create(configMaps, { metadata: { name: 'owner', namespace: 'default' } })
  const child = store.create(configMaps, owned('child', owner))
  store.create(configMaps, owned('grandchild', child))
  store.delete(configMaps, 'default', 'owner', { propagationPolicy })
  expect(store.list(configMaps).items.map(({ metadata }) => metadata.name)).toEqual(left)
})

test('foreground deletion keeps the owner until a Pod that blocks it has ended', () => {
  const { store } = testStore()
  const owner = store.create(configMaps, { metadata: { name: 'owner', namespace: 'default' } })
  const child = pod('child')
  store.create(pods, { ...child, metadata: { ...child.metadata, ...owned('child', owner).metadata } })
  store.bind('default', 'child', 'n')
  store.delete(configMaps, 'default', 'owner', { propagationPolicy: 'Foreground' })
  expect(store.get(configMaps, 'default', 'owner').metadata.finalizers).toEqual(['foregroundDeletion'])
  expect(store.get(pods, 'default', 'child').metadata.deletionTimestamp).toBeDefined()
  store.delete(pods, 'default', 'child', { gracePeriodSeconds: 0 })
  expect(store.list(configMaps).items).toEqual([])
})

test('a namespace is emptied, takes nothing new, and goes when the last Pod has ended', () => {
  const { store } = testStore()
  store.create(namespaces, { metadata: { name: 'games' } })
  store.create(pods, pod('p', 'games'))
  store.bind('games', 'p', 'n')
  store.delete(namespaces, null, 'games')
  expect(store.get(namespaces, null, 'games').status.phase).toBe('Terminating')
  expect(
    refusal(() => store.create(configMaps, { metadata: { name: 'a', namespace: 'games' } })),
  ).toMatchObject({
    code: 403,
  })
  store.delete(pods, 'games', 'p', { gracePeriodSeconds: 0 })
  expect(refusal(() => store.get(namespaces, null, 'games'))).toMatchObject({ code: 404 })
})

test('a snapshot goes on where it was taken, with the same objects and versions', () => {
  const { store, clock } = testStore()
  store.create(definitions, widgetDefinition)
  store.create(widgets, { metadata: { name: 'w', namespace: 'default' }, spec: { size: 2 } })
  const restored = createKubeStore({
    clock,
    ids: countingIds(1000),
    snapshot: structuredClone(store.snapshot()),
  })
  expect(restored.snapshot()).toEqual(store.snapshot())
  expect(restored.get(widgets, 'default', 'w')).toEqual(store.get(widgets, 'default', 'w'))
})

test('a custom resource is validated, pruned, given defaults, and counted by generation', () => {
  const { store } = testStore()
  expect(refusal(() => store.list(widgets))).toMatchObject({ code: 404 })
  store.create(definitions, widgetDefinition)
  const w = store.create(widgets, {
    metadata: { name: 'w', namespace: 'default' },
    spec: { size: 2, other: true },
    status: { phase: 'Made up' },
  })
  expect(w).toMatchObject({ spec: { size: 2, colour: 'red' }, metadata: { generation: 1 } })
  expect(w.spec).not.toHaveProperty('other')
  expect(w).not.toHaveProperty('status')
  const told = store.update(widgets, { ...w, status: { phase: 'Ready' } }, { subresource: 'status' })
  expect(told).toMatchObject({ status: { phase: 'Ready' }, metadata: { generation: 1 } })
  const grown = store.patch(widgets, 'default', 'w', {
    type: 'merge',
    body: { spec: { size: 3 }, status: null },
  })
  expect(grown).toMatchObject({ status: { phase: 'Ready' }, metadata: { generation: 2 } })
  const wrong = refusal(() =>
    store.patch(widgets, 'default', 'w', { type: 'merge', body: { spec: { size: 'big', colour: 'blue' } } }),
  )
  expect(wrong).toMatchObject({ code: 422, reason: 'Invalid' })
  expect(wrong.message).toContain(
    'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
  )
  expect(wrong.message).toContain('spec.colour: Unsupported value: "blue": supported values: "red", "green"')
  store.delete(definitions, null, 'widgets.example.com')
  expect(refusal(() => store.list(widgets))).toMatchObject({ code: 404 })
})

test('a scale is read and written where the resource keeps its replicas', () => {
  const { store } = testStore()
  const labels = { app: 'web' }
  const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } }
  for (const resource of [deployments, replicaSets]) {
    const spec = { selector: { matchLabels: labels }, template }
    store.create(resource, { metadata: { name: 'web', namespace: 'default' }, spec })
    expect(store.setScale(resource, 'default', 'web', 5).spec.replicas).toBe(5)
    expect(store.getScale(resource, 'default', 'web')).toMatchObject({
      spec: { replicas: 5 },
      status: { replicas: 0, selector: 'app=web' },
    })
  }
})
