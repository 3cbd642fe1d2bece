import { expect, test } from 'vitest'
import { condition } from '../shared/pod-state.ts'
import { events, nodes, pods } from '../shared/resources.ts'
import { barePod, change, template, type VirtualCluster, virtualCluster } from '../testing/virtual-cluster.ts'

const eip = 'tke.cloud.tencent.com/eip'
const withEip = (name: string) => barePod(name, template({}, { [eip]: '1' }).spec)
const scheduled = (cluster: VirtualCluster, name: string) =>
  condition(cluster.pod(name).status?.conditions, 'PodScheduled')
const nodeNames = (cluster: VirtualCluster) => cluster.store.list(nodes).items.map((n) => n.metadata.name)
const eventMessages = (cluster: VirtualCluster, reason: string) =>
  cluster.store
    .list(events)
    .items.filter((event) => event.reason === reason)
    .map((event) => event.message)

function offerEips(cluster: VirtualCluster, count: string) {
  for (const name of nodeNames(cluster)) {
    change(cluster, nodes, name, { status: { capacity: { [eip]: count } } }, 'status')
  }
}

test('a full extended resource is refused in the real words, and taken as soon as it is free', () => {
  const cluster = virtualCluster(3)
  cluster.pass(0)
  offerEips(cluster, '1')
  for (const i of [0, 1, 2, 3]) cluster.store.create(pods, withEip(`p${i}`))
  cluster.pass(5)
  const message =
    '0/3 nodes are available: 3 Insufficient tke.cloud.tencent.com/eip. no new claims to deallocate, ' +
    'preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.'
  expect(scheduled(cluster, 'p3')).toMatchObject({ status: 'False', reason: 'Unschedulable', message })
  expect(eventMessages(cluster, 'FailedScheduling')).toEqual([message])
  expect(new Set(['p0', 'p1', 'p2'].map((name) => cluster.pod(name).spec.nodeName)).size).toBe(3)

  const freed = cluster.pod('p1').spec.nodeName
  cluster.store.delete(pods, 'default', 'p1')
  cluster.pass(1)
  expect(cluster.pod('p3').spec.nodeName).toBeUndefined()
  cluster.pass(1)
  expect(cluster.pod('p3').spec.nodeName).toBe(freed)
  expect(scheduled(cluster, 'p3')).toMatchObject({ status: 'True' })
  expect(scheduled(cluster, 'p3')?.reason).toBeUndefined()
  expect(eventMessages(cluster, 'Scheduled')).toContain(`Successfully assigned default/p3 to ${freed}`)
})

test('a resource that no node has at all is said so, until it is patched into capacity', () => {
  const cluster = virtualCluster(2)
  cluster.store.create(pods, withEip('p'))
  cluster.pass(1)
  expect(scheduled(cluster, 'p')?.message).toBe(
    '0/2 nodes are available: 2 Insufficient tke.cloud.tencent.com/eip. no new claims to deallocate, ' +
      'preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
  )
  offerEips(cluster, '2')
  cluster.pass(1)
  expect(cluster.pod('p').spec.nodeName).toBeDefined()
})

test('each reason is counted: cordon, taint, selector and Pods', () => {
  const cluster = virtualCluster(4)
  cluster.pass(0)
  const [a, b, c, d] = nodeNames(cluster) as [string, string, string, string]
  change(cluster, nodes, a, { spec: { unschedulable: true } })
  change(cluster, nodes, b, { spec: { taints: [{ key: 'dedicated', value: 'x', effect: 'NoSchedule' }] } })
  for (const name of [a, b, d]) change(cluster, nodes, name, { metadata: { labels: { pool: 'game' } } })
  change(cluster, nodes, d, { status: { allocatable: { pods: '0' } } }, 'status')
  cluster.pass(0)
  cluster.store.create(pods, barePod('p', { nodeSelector: { pool: 'game' } }))
  cluster.pass(0)
  expect(scheduled(cluster, 'p')?.message).toBe(
    "0/4 nodes are available: 1 Too many pods, 1 node(s) didn't match Pod's node affinity/selector, " +
      '1 node(s) had untolerated taint(s), 1 node(s) were unschedulable. no new claims to deallocate, ' +
      'preemption: 0/4 nodes are available: 4 Preemption is not helpful for scheduling.',
  )
  change(cluster, nodes, c, { metadata: { labels: { pool: 'game' } } })
  cluster.pass(0)
  expect(cluster.pod('p').spec.nodeName).toBe(c)
})

test('a Pod that tolerates a taint may go there', () => {
  const cluster = virtualCluster(1)
  const [a] = nodeNames(cluster) as [string]
  change(cluster, nodes, a, { spec: { taints: [{ key: 'dedicated', value: 'x', effect: 'NoSchedule' }] } })
  const tolerations = [{ key: 'dedicated', operator: 'Equal', value: 'x', effect: 'NoSchedule' }]
  cluster.store.create(pods, barePod('p', { tolerations }))
  cluster.pass(1)
  expect(cluster.pod('p').spec.nodeName).toBe(a)
})

test('without nodes a Pod waits for the first', () => {
  const cluster = virtualCluster(0)
  cluster.store.create(pods, barePod('p'))
  cluster.pass(1)
  expect(scheduled(cluster, 'p')?.message).toBe('no nodes available to schedule pods')
})
