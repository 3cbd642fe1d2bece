import type { KubeObject } from '@pod-eip/kube'
import { expect, test } from 'vitest'
import { makeTkeNode } from '../node/tke-node.ts'
import { daemonSets, nodes, pods } from '../shared/resources.ts'
import { template, virtualCluster } from '../testing/virtual-cluster.ts'

const daemonSet = (spec: object = {}): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent', namespace: 'default' },
  spec: { selector: { matchLabels: { app: 'agent' } }, template: template({ app: 'agent' }), ...spec },
})
const places = (cluster: ReturnType<typeof virtualCluster>) =>
  cluster.store
    .list(pods)
    .items.map(({ spec }) => spec.nodeName)
    .sort()

test('a DaemonSet has one Pod on each Node, also on one that comes later', () => {
  const cluster = virtualCluster(2)
  cluster.store.create(daemonSets, daemonSet())
  cluster.pass(10)
  expect(places(cluster)).toEqual(['10.0.0.4', '10.0.0.5'])
  cluster.store.create(nodes, makeTkeNode({ index: 2 }) as KubeObject)
  cluster.pass(10)
  expect(places(cluster)).toEqual(['10.0.0.4', '10.0.0.5', '10.0.0.6'])
  expect(cluster.store.get(daemonSets, 'default', 'agent').status).toMatchObject({
    desiredNumberScheduled: 3,
    currentNumberScheduled: 3,
    numberReady: 3,
    numberAvailable: 3,
  })
})

test('a Pod that goes is replaced on its Node; all go with the DaemonSet', () => {
  const cluster = virtualCluster(2)
  cluster.store.create(daemonSets, daemonSet())
  cluster.pass(10)
  const before = cluster.podNames()
  cluster.store.delete(pods, 'default', before[0]!)
  cluster.pass(10)
  expect(places(cluster)).toEqual(['10.0.0.4', '10.0.0.5'])
  expect(cluster.podNames()).not.toEqual(before)
  cluster.store.delete(daemonSets, 'default', 'agent')
  cluster.pass(10)
  expect(cluster.podNames()).toEqual([])
})

test('its template chooses the Nodes', () => {
  const cluster = virtualCluster(2)
  const chosen = template({ app: 'agent' })
  const spec = { ...chosen.spec, nodeSelector: { 'kubernetes.io/hostname': '10.0.0.5' } }
  cluster.store.create(daemonSets, daemonSet({ template: { ...chosen, spec } }))
  cluster.pass(10)
  expect(places(cluster)).toEqual(['10.0.0.5'])
})
