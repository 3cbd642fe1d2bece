import { expect, test } from 'vitest'
import { deployments, pods, statefulSets } from '../shared/resources.ts'
import { deployment, statefulSet, virtualCluster } from '../testing/virtual-cluster.ts'

test.each([
  ['StatefulSet', statefulSets, statefulSet('web', 2), 1],
  ['Deployment', deployments, deployment('web', 2), 2],
] as const)('a %s takes over what the one before it has left behind', (_, resource, object, links) => {
  const cluster = virtualCluster(2)
  cluster.store.create(resource, object)
  cluster.pass(10)
  const before = cluster.store.list(pods).items
  cluster.store.delete(resource, 'default', 'web', { propagationPolicy: 'Orphan' })
  cluster.pass(10)
  expect(cluster.store.list(pods).items.map(({ metadata }) => metadata.uid)).toEqual(
    before.map(({ metadata }) => metadata.uid),
  )

  const anew = cluster.store.create(resource, object)
  cluster.pass(10)
  const after = cluster.store.list(pods).items
  expect(after.map(({ metadata }) => metadata.uid)).toEqual(before.map(({ metadata }) => metadata.uid))
  for (const pod of after) {
    let uid: string | undefined = pod.metadata.uid
    let owned = pod
    for (let link = 0; link < links; link++) {
      const [reference] = owned.metadata.ownerReferences ?? []
      uid = reference?.uid
      if (link < links - 1) {
        const sets = { group: 'apps', version: 'v1', plural: 'replicasets' }
        owned = cluster.store.get(sets, 'default', reference?.name ?? '')
      }
    }
    expect(uid).toBe(anew.metadata.uid)
  }
})

test('an object that has a controller, or that the selector does not select, is left alone', () => {
  const cluster = virtualCluster(1)
  cluster.store.create(statefulSets, statefulSet('other', 1))
  cluster.store.create(pods, {
    metadata: { name: 'web-0', namespace: 'default', labels: { app: 'alone' } },
    spec: { containers: [{ name: 'app', image: 'app:1' }] },
  })
  cluster.store.create(statefulSets, statefulSet('web', 2, { podManagementPolicy: 'Parallel' }))
  cluster.pass(10)
  expect(cluster.pod('web-0').metadata.ownerReferences).toBeUndefined()
  expect(cluster.pod('other-0').metadata.ownerReferences).toMatchObject([{ name: 'other' }])
})
