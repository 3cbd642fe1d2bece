import type { KubeObject } from '@pod-eip/kube'
import { seededIds, seededRandom } from '@pod-eip/runtime'
import { expect, test } from 'vitest'
import { createCloudSimulator } from '../cloud/index.ts'
import { createVirtualClock } from '../virtual-clock.ts'
import { applyNetwork } from './apply-network.ts'
import { desiredNetwork, readNetworkNode, readNetworkPod } from './desired-network.ts'

const random = seededRandom(1)
const region = createCloudSimulator({
  clock: createVirtualClock(0),
  ...{ random, ids: seededIds(random) },
}).region()

const node = readNetworkNode({
  metadata: { name: 'n1' },
  spec: { providerID: 'qcloud:///1/ins-1' },
  status: { capacity: { cpu: '8' }, addresses: [{ type: 'InternalIP', address: '10.0.0.4' }] },
} as KubeObject)
const pod = (uid: string, podIP: string, networks = 'tke-route-eni') =>
  readNetworkPod({
    metadata: { name: uid, uid, annotations: { 'tke.cloud.tencent.com/networks': networks } },
    spec: { nodeName: 'n1' },
    status: { phase: 'Running', podIP },
  } as KubeObject)!
const show = () => {
  const interfaces = region.networkInterfaces().map(({ primary, privateIps }) => ({ primary, privateIps }))
  return interfaces.sort((a, b) => String(a.privateIps).localeCompare(String(b.privateIps)))
}
const own = { primary: true, privateIps: ['10.0.0.4'] }

test('a Node has its own interface, one that its Pods share, and one for each Pod with one of its own', () => {
  applyNetwork(
    region,
    desiredNetwork(
      [node],
      [pod('a', '10.1.0.1'), pod('b', '10.1.0.2'), pod('c', '10.1.0.3', 'tke-direct-eni')],
    ),
  )
  expect(show()).toEqual([
    own,
    { primary: false, privateIps: ['10.1.0.3'] },
    { primary: false, privateIps: ['250.0.0.4', '10.1.0.1', '10.1.0.2'] },
  ])
})

test('an interface of a Pod goes with it, its address to whoever has it next; what others attach stays', () => {
  const theirs = region.bindForeignAddress('ins-1')
  applyNetwork(region, desiredNetwork([node], [pod('d', '10.1.0.3'), pod('e', '10.1.0.1', 'tke-direct-eni')]))
  expect(show()).toEqual([
    own,
    { primary: false, privateIps: ['10.1.0.1'] },
    { primary: false, privateIps: [expect.stringMatching(/^169\.254\./)] },
    { primary: false, privateIps: ['250.0.0.4', '10.1.0.3'] },
  ])
  expect(region.addresses()).toMatchObject([{ addressId: theirs, binding: { instanceId: 'ins-1' } }])
})
