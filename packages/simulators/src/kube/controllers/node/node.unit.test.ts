import { expect, test } from 'vitest'
import { condition, isReady } from '../shared/pod-state.ts'
import { nodes, pods, statefulSets } from '../shared/resources.ts'
import {
  barePod,
  change,
  statefulSet,
  type VirtualCluster,
  virtualCluster,
} from '../testing/virtual-cluster.ts'
import { makeTkeNode } from './tke-node.ts'

const ready = (cluster: VirtualCluster, name: string) =>
  condition(cluster.store.get(nodes, null, name).status.conditions, 'Ready')?.status
const taints = (cluster: VirtualCluster, name: string) =>
  (cluster.store.get(nodes, null, name).spec.taints ?? []).map(
    (taint: { key: string; effect: string }) => `${taint.key}:${taint.effect}`,
  )
const stopKubelet = (cluster: VirtualCluster, name: string, value: string | null = 'stopped') =>
  change(cluster, nodes, name, { metadata: { annotations: { 'sim.pod-eip/kubelet': value } } })

test('a TKE node has the looks that pod-eip reads', () => {
  const node = makeTkeNode({ index: 1, cpu: 8 })
  expect(node.metadata.name).toBe('10.0.0.5')
  const instanceId = node.metadata.labels?.['cloud.tencent.com/node-instance-id']
  expect(instanceId).toMatch(/^ins-[a-z0-9]{8}$/)
  expect(node.spec?.providerID).toBe(`qcloud:///800003/${instanceId}`)
  expect(node.metadata.labels).toMatchObject({
    'node.kubernetes.io/instance-type': 'S5.2XLARGE16',
    'topology.kubernetes.io/zone': 'ap-guangzhou-3',
  })
  expect(node.status?.capacity).toMatchObject({ cpu: '8', 'tke.cloud.tencent.com/eni-ip': '64' })
  expect(node.status?.allocatable).toMatchObject({ cpu: '7910m' })
})

test('a cordoned node is tainted, and free of it again', () => {
  const cluster = virtualCluster(1)
  cluster.pass(0)
  change(cluster, nodes, '10.0.0.4', { spec: { unschedulable: true } })
  cluster.pass(0)
  expect(taints(cluster, '10.0.0.4')).toEqual(['node.kubernetes.io/unschedulable:NoSchedule'])
  change(cluster, nodes, '10.0.0.4', { spec: { unschedulable: null } })
  cluster.pass(0)
  expect(taints(cluster, '10.0.0.4')).toEqual([])
})

test('Pods of a deleted node go after the delay of the Pod garbage collector, and are replaced', () => {
  const cluster = virtualCluster(2)
  cluster.store.create(statefulSets, statefulSet('game', 2))
  cluster.pass(10)
  const { uid } = cluster.pod('game-0').metadata
  const lost = cluster.pod('game-0').spec.nodeName!
  cluster.store.delete(nodes, null, lost)
  cluster.pass(39)
  expect(cluster.pod('game-0').metadata.uid).toBe(uid)
  expect(cluster.nodeChanges.filter((c) => c.change === 'removed').map((c) => c.nodeName)).toEqual([lost])
  expect(cluster.simulator.networkState().map((n) => n.nodeName)).not.toContain(lost)
  cluster.pass(5)
  expect(cluster.pod('game-0').metadata.uid).not.toBe(uid)
  expect(cluster.pod('game-0').spec.nodeName).not.toBe(lost)
  expect(isReady(cluster.pod('game-0'))).toBe(true)
})

test('on a silent node Pods become Terminating and stay so until the node is gone', () => {
  const cluster = virtualCluster(2)
  cluster.store.create(pods, barePod('p'))
  cluster.pass(5)
  const node = cluster.pod('p').spec.nodeName!
  stopKubelet(cluster, node)
  cluster.pass(49)
  expect(ready(cluster, node)).toBe('True')
  cluster.pass(1)
  expect(ready(cluster, node)).toBe('Unknown')
  expect(taints(cluster, node)).toEqual([
    'node.kubernetes.io/unreachable:NoSchedule',
    'node.kubernetes.io/unreachable:NoExecute',
  ])
  expect(isReady(cluster.pod('p'))).toBe(false)
  expect(cluster.pod('p').metadata.deletionTimestamp).toBeUndefined()
  cluster.pass(301)
  expect(cluster.pod('p').metadata.deletionTimestamp).toBeDefined()
  cluster.pass(3600)
  expect(cluster.podNames()).toEqual(['p'])
  cluster.store.delete(nodes, null, node)
  cluster.pass(41)
  expect(cluster.podNames()).toEqual([])
  expect(cluster.podChanges.at(-1)).toMatchObject({ change: 'removed', podName: 'p' })
})

test('a kubelet that answers again makes its node and its Pods ready', () => {
  const cluster = virtualCluster(1)
  cluster.store.create(pods, barePod('p'))
  cluster.pass(5)
  stopKubelet(cluster, '10.0.0.4')
  cluster.pass(60)
  expect(isReady(cluster.pod('p'))).toBe(false)
  stopKubelet(cluster, '10.0.0.4', null)
  cluster.pass(1)
  expect(ready(cluster, '10.0.0.4')).toBe('True')
  expect(taints(cluster, '10.0.0.4')).toEqual([])
  expect(isReady(cluster.pod('p'))).toBe(true)
  cluster.pass(400)
  expect(cluster.podNames()).toEqual(['p'])
})

test('an out-of-service taint frees the Terminating Pods of a dead node', () => {
  const cluster = virtualCluster(1)
  cluster.store.create(pods, barePod('p'))
  cluster.pass(5)
  stopKubelet(cluster, '10.0.0.4')
  cluster.pass(360)
  expect(cluster.podNames()).toEqual(['p'])
  const taint = { key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' }
  change(cluster, nodes, '10.0.0.4', { spec: { taints: [taint] } })
  cluster.pass(1)
  expect(cluster.podNames()).toEqual([])
})

test('a Node that is written by hand gets what a kubelet would report', () => {
  const cluster = virtualCluster(0)
  cluster.store.create(nodes, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'hand-made' } })
  cluster.pass(1)
  expect(ready(cluster, 'hand-made')).toBe('True')
  cluster.store.create(pods, barePod('p'))
  cluster.pass(5)
  expect(cluster.pod('p').spec.nodeName).toBe('hand-made')
  expect(isReady(cluster.pod('p'))).toBe(true)
})
