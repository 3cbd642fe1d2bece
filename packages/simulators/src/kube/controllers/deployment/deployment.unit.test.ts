import { expect, test } from 'vitest'
import type { Pod } from '../shared/objects.ts'
import { isReady, isTerminating } from '../shared/pod-state.ts'
import { deployments, pods, replicaSets } from '../shared/resources.ts'
import {
  change,
  deployment,
  template,
  type VirtualCluster,
  virtualCluster,
} from '../testing/virtual-cluster.ts'

const status = (cluster: VirtualCluster) => cluster.store.get(deployments, 'default', 'web').status
const livePods = (cluster: VirtualCluster) =>
  (cluster.store.list(pods).items as unknown as Pod[]).filter((pod) => !isTerminating(pod))

/** What `kubectl rollout status` waits for. */
function rolledOut(cluster: VirtualCluster): boolean {
  const { spec, status, metadata } = cluster.store.get(deployments, 'default', 'web')
  return (
    status.observedGeneration >= metadata.generation! &&
    status.updatedReplicas === spec.replicas &&
    status.replicas === status.updatedReplicas &&
    status.availableReplicas === status.updatedReplicas
  )
}

test('a Deployment makes a ReplicaSet named by its template, and that its Pods', () => {
  const cluster = virtualCluster(2)
  cluster.store.create(deployments, deployment('web', 3))
  cluster.pass(0)
  expect(status(cluster).conditions).toMatchObject([
    { type: 'Available', status: 'False', reason: 'MinimumReplicasUnavailable' },
    { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' },
  ])
  cluster.pass(10)
  const [set] = cluster.store.list(replicaSets).items
  const hash = set!.metadata.labels?.['pod-template-hash']
  expect(set!.metadata.name).toBe(`web-${hash}`)
  expect(set!.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('1')
  expect(cluster.podNames()).toHaveLength(3)
  for (const name of cluster.podNames()) expect(name).toMatch(new RegExp(`^web-${hash}-[a-z0-9]{5}$`))
  expect(rolledOut(cluster)).toBe(true)
  expect(status(cluster).conditions).toMatchObject([
    { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable' },
    { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' },
  ])
})

test('a rolling update stays within maxSurge and maxUnavailable', () => {
  const cluster = virtualCluster(3)
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 1 } }
  cluster.store.create(deployments, deployment('web', 4, { strategy }))
  cluster.pass(10)
  let most = 0
  let fewest = Number.POSITIVE_INFINITY
  cluster.store.watch(pods, {}, () => {
    most = Math.max(most, livePods(cluster).length)
    fewest = Math.min(fewest, livePods(cluster).filter(isReady).length)
  })
  change(cluster, deployments, 'web', { spec: { template: template({ app: 'web' }, {}, 'app:2') } })
  cluster.pass(60)
  expect(rolledOut(cluster)).toBe(true)
  expect(most).toBe(5)
  expect(fewest).toBe(3)
  expect(livePods(cluster).map((pod) => pod.spec.containers[0]?.image)).toEqual(Array(4).fill('app:2'))
  expect(cluster.store.get(deployments, 'default', 'web').metadata.annotations).toMatchObject({
    'deployment.kubernetes.io/revision': '2',
  })
})

test('going back to an old template uses its ReplicaSet again under a new revision', () => {
  const cluster = virtualCluster(2)
  cluster.store.create(deployments, deployment('web', 1))
  cluster.pass(10)
  const first = cluster.store.list(replicaSets).items[0]!.metadata.name
  for (const image of ['app:2', 'app:1']) {
    change(cluster, deployments, 'web', { spec: { template: template({ app: 'web' }, {}, image) } })
    cluster.pass(30)
  }
  expect(cluster.store.list(replicaSets).items).toHaveLength(2)
  const set = cluster.store.get(replicaSets, 'default', first)
  expect(set.spec.replicas).toBe(1)
  expect(set.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('3')
  expect(rolledOut(cluster)).toBe(true)
})

test('Recreate ends all old Pods before it makes a new one', () => {
  const cluster = virtualCluster(2)
  cluster.store.create(deployments, deployment('web', 2, { strategy: { type: 'Recreate' } }))
  cluster.pass(10)
  const seen = new Set<string>()
  cluster.store.watch(pods, {}, () => {
    const images = (cluster.store.list(pods).items as unknown as Pod[]).map(
      (p) => p.spec.containers[0]?.image,
    )
    seen.add([...new Set(images)].sort().join('+'))
  })
  change(cluster, deployments, 'web', { spec: { template: template({ app: 'web' }, {}, 'app:2') } })
  cluster.pass(30)
  expect(seen).toEqual(new Set(['app:1', '', 'app:2']))
  expect(rolledOut(cluster)).toBe(true)
})

test('scaling up and down follows the wish', () => {
  const cluster = virtualCluster(2)
  cluster.store.create(deployments, deployment('web', 1))
  cluster.pass(10)
  change(cluster, deployments, 'web', { spec: { replicas: 5 } })
  cluster.pass(10)
  expect(status(cluster)).toMatchObject({ readyReplicas: 5 })
  change(cluster, deployments, 'web', { spec: { replicas: 2 } })
  cluster.pass(10)
  expect(cluster.podNames()).toHaveLength(2)
  expect(rolledOut(cluster)).toBe(true)
})

test('a rollout that does not move is said to have timed out', () => {
  const cluster = virtualCluster(1)
  const stuck = template({ app: 'web' }, { 'example.com/none': '1' })
  cluster.store.create(deployments, deployment('web', 1, { template: stuck, progressDeadlineSeconds: 60 }))
  cluster.pass(59)
  expect(status(cluster).conditions[1]).toMatchObject({ type: 'Progressing', status: 'True' })
  cluster.pass(2)
  expect(status(cluster).conditions[1]).toMatchObject({ status: 'False', reason: 'ProgressDeadlineExceeded' })
})
