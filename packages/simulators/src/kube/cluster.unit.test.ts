import type { KubeObject } from '@pod-eip/kube'
import { seededIds, seededRandom, systemClock } from '@pod-eip/runtime'
import { expect, test } from 'vitest'
import { createClusterSimulator } from './cluster.ts'
import { makeTkeNode } from './controllers/node/tke-node.ts'
import { deployments, events, nodes, pods, statefulSets } from './controllers/shared/resources.ts'
import {
  barePod,
  deployment,
  statefulSet,
  template,
  virtualCluster,
} from './controllers/testing/virtual-cluster.ts'
import { createKubeStore } from './store/kube-store.ts'

test('the same seed and the same wishes give the same cluster, byte for byte', () => {
  const run = () => {
    const cluster = virtualCluster(3)
    cluster.store.create(deployments, deployment('web', 5))
    cluster.store.create(statefulSets, statefulSet('game', 3))
    cluster.pass(30)
    return JSON.stringify(cluster.store.snapshot())
  }
  expect(run()).toBe(run())
})

test('a cluster at rest does nothing and plans nothing', () => {
  const cluster = virtualCluster(2)
  cluster.store.create(statefulSets, statefulSet('game', 2))
  cluster.store.create(deployments, deployment('web', 2))
  cluster.pass(2 * 3600)
  const version = cluster.store.resourceVersion()
  cluster.pass(24 * 3600)
  expect(cluster.store.resourceVersion()).toBe(version)
  expect(cluster.simulator.nextDueAt()).toBeNull()
  cluster.restart()
  cluster.pass(60)
  expect(cluster.store.resourceVersion()).toBe(version)
})

test('a name that somebody else has is tried again with a growing delay', () => {
  const cluster = virtualCluster(1)
  cluster.store.create(pods, barePod('game-0', template({}, { 'example.com/none': '1' }).spec))
  cluster.store.create(statefulSets, statefulSet('game', 1))
  cluster.pass(60)
  expect(cluster.pod('game-0').metadata.ownerReferences).toBeUndefined()
  cluster.store.delete(pods, 'default', 'game-0')
  cluster.pass(40)
  expect(cluster.pod('game-0').metadata.ownerReferences).toMatchObject([{ kind: 'StatefulSet' }])
  const failures = cluster.store.list(events).items.filter((event) => event.reason === 'FailedCreate')
  expect(failures).toHaveLength(1)
})

test('Events are forgotten an hour after they were last seen', () => {
  const cluster = virtualCluster(1)
  cluster.pass(1)
  cluster.store.create(pods, barePod('p'))
  cluster.pass(3599)
  const reasons = () => cluster.store.list(events).items.map((event) => event.reason)
  expect(reasons()).toEqual(['Scheduled'])
  cluster.restart()
  cluster.pass(2)
  expect(reasons()).toEqual([])
})

test('a cluster goes on from a snapshot of its store', () => {
  const cluster = virtualCluster(2)
  cluster.store.create(statefulSets, statefulSet('game', 3))
  cluster.pass(3)
  const clock = { now: cluster.now, sleep: systemClock.sleep }
  const random = seededRandom(2)
  const store = createKubeStore({ clock, ids: seededIds(random), snapshot: cluster.store.snapshot() })
  const simulator = createClusterSimulator({ store, clock, random })
  expect(simulator.networkState()).toEqual(cluster.simulator.networkState())
  while (simulator.step());
  expect(store.list(pods).items.map(({ metadata }) => metadata.uid)).toEqual(
    cluster.store.list(pods).items.map(({ metadata }) => metadata.uid),
  )
})

test('200 Pods spread over their nodes', () => {
  const cluster = virtualCluster(10)
  cluster.store.create(deployments, deployment('web', 200))
  cluster.pass(10)
  const perNode = cluster.simulator.networkState().map((node) => node.pods.length)
  expect(perNode).toEqual(Array(10).fill(20))
})

test('in real time it is woken by changes and ends when it is told to', async () => {
  const random = seededRandom(1)
  const store = createKubeStore({ clock: systemClock, ids: seededIds(random) })
  const quick = { startMs: 0, startJitterMs: 0, readyMs: 0, terminationMs: 0 }
  const simulator = createClusterSimulator({ store, clock: systemClock, random, config: { kubelet: quick } })
  const end = new AbortController()
  const running = simulator.run(end.signal)
  const until = (phase: string | null) =>
    new Promise<void>((resolve) => {
      store.watch(pods, {}, (event) => {
        if (
          event.type === 'DELETED'
            ? phase === null
            : event.type !== 'BOOKMARK' && event.object.status.phase === phase
        )
          resolve()
      })
    })
  await Promise.resolve()
  const runs = until('Running')
  store.create(nodes, makeTkeNode({ index: 0 }) as KubeObject)
  store.create(pods, barePod('p'))
  await runs
  const gone = until(null)
  store.delete(pods, 'default', 'p')
  await gone
  end.abort()
  await running
  simulator.stop()
})
