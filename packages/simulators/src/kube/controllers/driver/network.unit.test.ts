import { expect, test } from 'vitest'
import { eniCidrAnnotation, eniIdAnnotation } from '../kubelet/node-network.ts'
import type { Node, Pod } from '../shared/objects.ts'
import { createNetwork } from './network.ts'

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
