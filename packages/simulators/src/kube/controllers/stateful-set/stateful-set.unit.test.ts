import { describe, expect, test } from 'vitest'
import { controllerRevisions, pods, statefulSets } from '../shared/resources.ts'
import { change, statefulSet, template, virtualCluster } from '../testing/virtual-cluster.ts'

const status = (cluster: ReturnType<typeof virtualCluster>) =>
  cluster.store.get(statefulSets, 'default', 'game').status

/** The Pods' names in the order in which they were made. */
function creations(cluster: ReturnType<typeof virtualCluster>): string[] {
  const names: string[] = []
  cluster.store.watch(pods, {}, (event) => {
    if (event.type === 'ADDED') names.push(event.object.metadata.name)
  })
  return names
}

describe('StatefulSet', () => {
  test('makes the next Pod only when the one before is Running and Ready', () => {
    const cluster = virtualCluster(2)
    cluster.store.create(statefulSets, statefulSet('game', 3))
    cluster.pass(1)
    expect(cluster.podNames()).toEqual(['game-0'])
    expect(cluster.pod('game-0').status?.phase).toBe('Running')
    cluster.pass(1)
    expect(cluster.podNames()).toEqual(['game-0', 'game-1'])
    cluster.pass(10)
    expect(cluster.podNames()).toEqual(['game-0', 'game-1', 'game-2'])
    expect(status(cluster)).toMatchObject({
      observedGeneration: 1,
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      currentReplicas: 3,
      updatedReplicas: 3,
    })
  })

  test('makes all Pods at once under Parallel', () => {
    const cluster = virtualCluster(2)
    cluster.store.create(statefulSets, statefulSet('game', 3, { podManagementPolicy: 'Parallel' }))
    cluster.pass(0)
    expect(cluster.podNames()).toEqual(['game-0', 'game-1', 'game-2'])
  })

  test('gives its Pods their identity', () => {
    const cluster = virtualCluster(1)
    const set = cluster.store.create(statefulSets, statefulSet('game', 1, { ordinals: { start: 4 } }))
    cluster.pass(5)
    const pod = cluster.pod('game-4')
    const revision = status(cluster).currentRevision
    expect(revision).toMatch(/^game-[a-z0-9]+$/)
    expect(pod.metadata.labels).toEqual({
      app: 'game',
      'apps.kubernetes.io/pod-index': '4',
      'controller-revision-hash': revision,
      'statefulset.kubernetes.io/pod-name': 'game-4',
    })
    expect(pod.metadata.ownerReferences).toEqual([
      {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        name: 'game',
        uid: set.metadata.uid,
        controller: true,
        blockOwnerDeletion: true,
      },
    ])
    expect(pod.spec).toMatchObject({ hostname: 'game-4', subdomain: 'game' })
  })

  test('gives a name again only when the old Pod is gone', () => {
    const cluster = virtualCluster(1)
    cluster.store.create(statefulSets, statefulSet('game', 1))
    cluster.pass(5)
    const first = cluster.pod('game-0').metadata.uid
    cluster.store.delete(pods, 'default', 'game-0')
    cluster.pass(1)
    expect(cluster.pod('game-0').metadata.uid).toBe(first)
    cluster.pass(1)
    expect(cluster.pod('game-0').metadata.uid).not.toBe(first)
    cluster.pass(5)
    expect(status(cluster).readyReplicas).toBe(1)
  })

  test('scales down from the highest ordinal, one Pod at a time', () => {
    const cluster = virtualCluster(2)
    cluster.store.create(statefulSets, statefulSet('game', 3))
    cluster.pass(20)
    change(cluster, statefulSets, 'game', { spec: { replicas: 1 } })
    cluster.pass(0)
    const terminating = (name: string) => cluster.pod(name).metadata.deletionTimestamp !== undefined
    expect(['game-1', 'game-2'].map(terminating)).toEqual([false, true])
    cluster.pass(2)
    expect(cluster.podNames()).toEqual(['game-0', 'game-1'])
    expect(terminating('game-1')).toBe(true)
    cluster.pass(5)
    expect(cluster.podNames()).toEqual(['game-0'])
    expect(status(cluster)).toMatchObject({ observedGeneration: 2, replicas: 1, readyReplicas: 1 })
  })

  test('updates from the highest ordinal when the template changes, keeping the names', () => {
    const cluster = virtualCluster(2)
    cluster.store.create(statefulSets, statefulSet('game', 3))
    cluster.pass(20)
    const before = status(cluster).currentRevision
    const made = creations(cluster)
    change(cluster, statefulSets, 'game', { spec: { template: template({ app: 'game' }, {}, 'app:2') } })
    cluster.pass(1)
    expect(status(cluster)).toMatchObject({ currentRevision: before, observedGeneration: 2 })
    expect(status(cluster).updateRevision).not.toBe(before)
    cluster.pass(60)
    expect(made).toEqual(['game-2', 'game-1', 'game-0'])
    expect(status(cluster)).toMatchObject({ updatedReplicas: 3, currentReplicas: 3, readyReplicas: 3 })
    expect(status(cluster).currentRevision).toBe(status(cluster).updateRevision)
    expect(cluster.pod('game-1').spec.containers[0]?.image).toBe('app:2')
    expect(cluster.store.list(controllerRevisions).items).toHaveLength(2)
  })

  test('leaves the Pods below the partition on the old template, also when one is replaced', () => {
    const cluster = virtualCluster(2)
    const updateStrategy = { type: 'RollingUpdate', rollingUpdate: { partition: 2 } }
    cluster.store.create(statefulSets, statefulSet('game', 3, { updateStrategy }))
    cluster.pass(20)
    change(cluster, statefulSets, 'game', { spec: { template: template({ app: 'game' }, {}, 'app:2') } })
    cluster.pass(30)
    cluster.store.delete(pods, 'default', 'game-0')
    cluster.pass(30)
    const images = cluster.podNames().map((name) => cluster.pod(name).spec.containers[0]?.image)
    expect(images).toEqual(['app:1', 'app:1', 'app:2'])
    expect(status(cluster)).toMatchObject({ currentReplicas: 2, updatedReplicas: 1 })
  })

  test('replaces a Pod that was evicted', () => {
    const cluster = virtualCluster(1)
    cluster.store.create(statefulSets, statefulSet('game', 1))
    cluster.pass(5)
    const first = cluster.pod('game-0').metadata.uid
    change(cluster, pods, 'game-0', { status: { phase: 'Failed', reason: 'Evicted' } }, 'status')
    cluster.pass(10)
    expect(cluster.pod('game-0').metadata.uid).not.toBe(first)
    expect(status(cluster).readyReplicas).toBe(1)
  })

  test('takes its Pods with it', () => {
    const cluster = virtualCluster(1)
    cluster.store.create(statefulSets, statefulSet('game', 2))
    cluster.pass(10)
    cluster.store.delete(statefulSets, 'default', 'game')
    cluster.pass(10)
    expect(cluster.podNames()).toEqual([])
    expect(cluster.store.list(controllerRevisions).items).toEqual([])
  })

  test('goes on after a restart where it was', () => {
    const cluster = virtualCluster(2)
    cluster.store.create(statefulSets, statefulSet('game', 3))
    cluster.pass(2)
    cluster.restart()
    cluster.pass(20)
    expect(status(cluster).readyReplicas).toBe(3)
  })
})
