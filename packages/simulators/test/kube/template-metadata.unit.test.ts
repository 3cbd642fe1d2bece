import { seededIds, seededRandom, systemClock } from '@pod-eip/runtime'
import { expect, test } from 'vitest'
import { createKubeStore } from '../../src/kube/index.ts'

const statefulSets = {
  group: 'apps',
  version: 'v1',
  plural: 'statefulsets',
  kind: 'StatefulSet',
  namespaced: true,
}

test('creationTimestamp: null in a template, as manifests have it, changes nothing when it is applied', () => {
  const store = createKubeStore({ clock: systemClock, ids: seededIds(seededRandom(1)) })
  const manifest = (metadata: object) => ({
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      serviceName: '',
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' }, ...metadata },
        spec: { containers: [{ name: 'main', image: 'busybox' }] },
      },
    },
  })
  store.create(statefulSets, manifest({}))
  const applied = store.patch(statefulSets, 'default', 'web', {
    type: 'apply',
    body: manifest({ creationTimestamp: null }),
    fieldManager: 'kubectl',
    force: true,
  })
  expect(applied.metadata.generation).toBe(1)
  expect(applied.spec.template.metadata).toEqual({ labels: { app: 'web' } })
})
