import { expect, test } from 'vitest'
import { condition, isReady } from '../shared/pod-state.ts'
import { nodes, pods } from '../shared/resources.ts'
import { barePod, change, type VirtualCluster, virtualCluster } from '../testing/virtual-cluster.ts'
import { freeBlock } from './node-network.ts'

const exists = (cluster: VirtualCluster, name: string) => cluster.podNames().includes(name)

test('a Pod starts, gets an address of its node, and becomes ready', () => {
  const cluster = virtualCluster(1)
  cluster.store.create(pods, barePod('p'))
  cluster.pass(0)
  expect(cluster.pod('p').status).toMatchObject({ phase: 'Pending', hostIP: '10.0.0.4' })
  expect(cluster.pod('p').status?.podIP).toBeUndefined()
  expect(cluster.pod('p').status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ContainerCreating')
  cluster.pass(1)
  expect(cluster.pod('p').status).toMatchObject({ phase: 'Running', podIP: '10.1.0.3' })
  expect(isReady(cluster.pod('p'))).toBe(false)
  cluster.pass(1)
  const conditions = cluster.pod('p').status?.conditions?.map(({ type, status }) => `${type}=${status}`)
  expect(conditions?.sort()).toEqual([
    'ContainersReady=True',
    'Initialized=True',
    'PodReadyToStartContainers=True',
    'PodScheduled=True',
    'Ready=True',
  ])
})

test('Ready waits for the readiness gates, which stay with their owner', () => {
  const cluster = virtualCluster(1)
  const gate = 'pod-eip/eip-bound'
  cluster.store.create(pods, barePod('p', { readinessGates: [{ conditionType: gate }] }))
  cluster.pass(5)
  expect(condition(cluster.pod('p').status?.conditions, 'ContainersReady')?.status).toBe('True')
  expect(condition(cluster.pod('p').status?.conditions, 'Ready')).toMatchObject({
    status: 'False',
    reason: 'ReadinessGatesNotReady',
    message: `corresponding condition of pod readiness gate "${gate}" does not exist.`,
  })
  const conditions = [...(cluster.pod('p').status?.conditions ?? []), { type: gate, status: 'True' }]
  change(cluster, pods, 'p', { status: { conditions } }, 'status')
  cluster.pass(0)
  expect(isReady(cluster.pod('p'))).toBe(true)
})

test('deletion ends the containers within the grace period, then removes the Pod', () => {
  const cluster = virtualCluster(1)
  cluster.store.create(pods, barePod('p'))
  cluster.pass(5)
  const phases: string[] = []
  cluster.store.watch(pods, {}, (event) => {
    if (event.type !== 'BOOKMARK') phases.push(`${event.type} ${event.object.status.phase}`)
  })
  cluster.store.delete(pods, 'default', 'p')
  cluster.pass(1)
  expect(cluster.pod('p').metadata.deletionGracePeriodSeconds).toBe(30)
  cluster.pass(1)
  expect(exists(cluster, 'p')).toBe(false)
  expect(phases).toEqual(['MODIFIED Running', 'MODIFIED Succeeded', 'DELETED Succeeded'])
})

test('a shorter grace period ends sooner', () => {
  const cluster = virtualCluster(1)
  cluster.store.create(pods, barePod('p', { terminationGracePeriodSeconds: 1 }))
  cluster.pass(5)
  cluster.store.delete(pods, 'default', 'p')
  cluster.pass(1)
  expect(exists(cluster, 'p')).toBe(false)
})

test('a finalizer keeps the Pod, ended, until it is taken off', () => {
  const cluster = virtualCluster(1)
  cluster.store.create(pods, barePod('p', {}, { finalizers: ['example.com/hold'] }))
  cluster.pass(5)
  cluster.store.delete(pods, 'default', 'p')
  cluster.pass(60)
  expect(cluster.pod('p').status?.phase).toBe('Succeeded')
  change(cluster, pods, 'p', { metadata: { finalizers: null } })
  expect(exists(cluster, 'p')).toBe(false)
})

test('an address is used again once its Pod has gone, and the hooks tell both', () => {
  const cluster = virtualCluster(1)
  cluster.store.create(pods, barePod('a'))
  cluster.store.create(pods, barePod('b'))
  cluster.pass(5)
  const [ipA, ipB] = ['a', 'b'].map((name) => cluster.pod(name).status?.podIP)
  expect([ipA, ipB].sort()).toEqual(['10.1.0.3', '10.1.0.4'])
  const uidA = cluster.pod('a').metadata.uid
  cluster.store.delete(pods, 'default', 'a')
  cluster.store.create(pods, barePod('c'))
  cluster.pass(1)
  expect(cluster.pod('c').status?.podIP).toBe('10.1.0.5')
  cluster.pass(5)
  cluster.store.create(pods, barePod('d'))
  cluster.pass(5)
  expect(cluster.pod('d').status?.podIP).toBe(ipA)
  const aboutIp = cluster.podChanges.filter((c) => c.privateIp === ipA).map((c) => `${c.change} ${c.podName}`)
  expect(aboutIp).toEqual(['added a', 'removed a', 'added d'])
  expect(cluster.podChanges[0]).toMatchObject({ nodeName: '10.0.0.4', eniId: expect.stringMatching(/^eni-/) })
  expect(cluster.podChanges.find((c) => c.change === 'removed')?.podUid).toBe(uidA)
})

test('the hook is told of an address before the Pod shows it', () => {
  const cluster = virtualCluster(1)
  const order: string[] = []
  cluster.store.watch(pods, {}, (event) => {
    if (event.type !== 'BOOKMARK' && event.object.status?.podIP) {
      order.push(
        cluster.podChanges.some((c) => c.privateIp === event.object.status.podIP) ? 'told' : 'not told',
      )
    }
  })
  cluster.store.create(pods, barePod('p'))
  cluster.pass(1)
  expect(order[0]).toBe('told')
})

test('a restart knows which addresses are in use', () => {
  const cluster = virtualCluster(1)
  cluster.store.create(pods, barePod('a'))
  cluster.pass(5)
  const before = cluster.simulator.networkState()
  cluster.restart()
  cluster.store.create(pods, barePod('b'))
  expect(cluster.simulator.networkState()).toEqual(before)
  cluster.pass(5)
  const ips = cluster.simulator.networkState()[0]?.pods.map((pod) => pod.privateIp)
  expect(ips).toEqual(['10.1.0.3', '10.1.0.4'])
})

test('Pods end by themselves when they are annotated so, as their restart policy says', () => {
  const cluster = virtualCluster(1)
  const make = (name: string, restartPolicy: string, code: string) =>
    cluster.store.create(
      pods,
      barePod(
        name,
        { restartPolicy },
        { annotations: { 'sim.pod-eip/exit-after': '5s', 'sim.pod-eip/exit-code': code } },
      ),
    )
  make('done', 'Never', '0')
  make('failed', 'Never', '3')
  make('again', 'OnFailure', '1')
  make('finished', 'OnFailure', '0')
  make('always', 'Always', '0')
  cluster.pass(7)
  const phase = (name: string) => cluster.pod(name).status?.phase
  expect(['done', 'failed', 'again', 'finished', 'always'].map(phase)).toEqual([
    'Succeeded',
    'Failed',
    'Running',
    'Succeeded',
    'Running',
  ])
  expect(cluster.pod('failed').status?.containerStatuses?.[0]?.state?.terminated?.exitCode).toBe(3)
  expect(cluster.pod('again').status?.containerStatuses?.[0]).toMatchObject({
    restartCount: 1,
    lastState: { terminated: { exitCode: 1 } },
  })
  expect(
    cluster.podChanges
      .filter((c) => c.change === 'removed')
      .map((c) => c.podName)
      .sort(),
  ).toEqual(['done', 'failed', 'finished'])
})

test('a node copies extended resources from capacity to allocatable, and takes them back', () => {
  const cluster = virtualCluster(1)
  cluster.pass(0)
  const eip = 'tke.cloud.tencent.com/eip'
  const allocatable = () => cluster.store.get(nodes, null, '10.0.0.4').status.allocatable
  change(cluster, nodes, '10.0.0.4', { status: { capacity: { [eip]: '3' } } }, 'status')
  cluster.pass(0)
  expect(allocatable()).toMatchObject({ cpu: '3920m', [eip]: '3' })
  change(cluster, nodes, '10.0.0.4', { status: { capacity: { [eip]: null } } }, 'status')
  cluster.pass(0)
  expect(allocatable()[eip]).toBeUndefined()
})

test('a subnet is dealt out in blocks until it is full', () => {
  expect(freeBlock('10.1.0.0/16', 128, [])).toBe('10.1.0.0/25')
  expect(freeBlock('10.1.0.0/16', 128, ['10.1.0.0/25', '10.1.1.0/25'])).toBe('10.1.0.128/25')
  expect(freeBlock('10.1.0.0/24', 256, ['10.1.0.0/25'])).toBeNull()
})
