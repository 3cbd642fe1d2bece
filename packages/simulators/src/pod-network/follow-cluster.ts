import { type Cluster, type KubeObject, listWatch, nodes, pods } from '@pod-eip/kube'
import type { Clock, Random } from '@pod-eip/runtime'
import type { RegionControl } from '../cloud/index.ts'
import { applyNetwork } from './apply-network.ts'
import {
  desiredNetwork,
  type NetworkNode,
  type NetworkPod,
  readNetworkNode,
  readNetworkPod,
} from './desired-network.ts'

/**
 * Plays the network of the cluster's nodes in the simulated cloud: each Node is a CVM, each Pod's address
 * stands on its node's network interface. Works for any cluster, so that a real one can be tried with the
 * simulated cloud. Runs until the signal aborts.
 */
export async function followCluster(deps: {
  cluster: Cluster
  region: RegionControl
  clock: Clock
  random: Random
  signal: AbortSignal
}): Promise<void> {
  const { region, ...reader } = deps
  const seenNodes = new Map<string, NetworkNode>()
  const seenPods = new Map<string, NetworkPod>()
  const complete = { nodes: false, pods: false }
  const apply = () => {
    if (complete.nodes && complete.pods)
      applyNetwork(region, desiredNetwork(seenNodes.values(), seenPods.values()))
  }

  const followNodes = listWatch({
    ...reader,
    resource: nodes,
    project: readNetworkNode,
    onList: ({ items }) => {
      seenNodes.clear()
      for (const node of items) seenNodes.set(node.name, node)
      complete.nodes = true
      apply()
    },
    onEvents: (events) => {
      for (const { type, object } of events) {
        if (type === 'DELETED') seenNodes.delete(object.name)
        else seenNodes.set(object.name, object)
      }
      if (events.length > 0) apply()
    },
  })
  const followPods = listWatch({
    ...reader,
    resource: pods,
    project: (pod: KubeObject) => ({ uid: pod.metadata.uid!, pod: readNetworkPod(pod) }),
    onList: ({ items }) => {
      seenPods.clear()
      for (const { uid, pod } of items) if (pod) seenPods.set(uid, pod)
      complete.pods = true
      apply()
    },
    onEvents: (events) => {
      for (const { type, object } of events) {
        if (type === 'DELETED' || !object.pod) seenPods.delete(object.uid)
        else seenPods.set(object.uid, object.pod)
      }
      if (events.length > 0) apply()
    },
  })
  await Promise.all([followNodes.done, followPods.done])
}
