import { expect, test } from 'vitest'
import { eniCidrAnnotation, eniIdAnnotation } from '../kubelet/node-network.ts'
import type { Node, Pod } from '../shared/objects.ts'
import { createNetwork, type PodNetworkChange } from './network.ts'

const node: Node = {
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: 'a', annotations: { [eniIdAnnotation]: 'eni-1', [eniCidrAnnotation]: '10.1.0.0/25' } },
}
const pod = (uid: string): Pod => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: uid, uid, namespace: 'default' },
  spec: { nodeName: 'a', containers: [] },
})

test('an address is in use while a Pod holds it, also when nobody listens to the changes', () => {
  const network = createNetwork([node], [], {})
  network.attach(pod('p'), node, '10.1.0.3')
  expect(network.inUse('10.1.0.3')).toBe(true)
  expect(network.state()).toMatchObject([{ eniId: 'eni-1', pods: [{ podUid: 'p', privateIp: '10.1.0.3' }] }])
  network.release('p')
  expect(network.inUse('10.1.0.3')).toBe(false)
})

test('a Pod that asks for it has an interface of its own, which goes with it', () => {
  const changes: PodNetworkChange[] = []
  const network = createNetwork([node], [], { onPodNetwork: (change) => changes.push(change) })
  const plain = pod('p')
  const annotations = { 'tke.cloud.tencent.com/networks': 'tke-bridge, tke-direct-eni' }
  network.attach({ ...plain, metadata: { ...plain.metadata, annotations } }, node, '10.1.0.3')
  network.attach(pod('q'), node, '10.1.0.4')
  network.release('p')
  expect(changes).toMatchObject([
    { change: 'added', exclusiveEni: true, eniId: expect.stringMatching(/^eni-pod/), privateIp: '10.1.0.3' },
    { change: 'added', exclusiveEni: false, eniId: 'eni-1', privateIp: '10.1.0.4' },
    { change: 'removed', exclusiveEni: true, eniId: changes[0]!.eniId },
  ])
})
