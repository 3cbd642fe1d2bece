import type { KubeObject } from '@pod-eip/kube'

/** What the cloud's network must look like for the Pods of a cluster to be real to it. */
export interface DesiredNetwork {
  instances: { instanceId: string; cpu: number }[]
  interfaces: { networkInterfaceId: string; instanceId: string; privateIps: string[] }[]
}

/** A Node as the cloud sees it: one CVM with one network interface for its Pods. */
export interface NetworkNode {
  name: string
  instanceId: string
  networkInterfaceId: string
  cpu: number
}

/** A Pod's address on its node's network interface. */
export interface NetworkPod {
  uid: string
  node: string
  ip: string
}

/** Reads a Node. One that names no CVM gets one by its name, so that any cluster can be tried. */
export function readNetworkNode(node: KubeObject): NetworkNode {
  const { name, annotations, labels } = node.metadata
  const fromProvider = /\/(ins-[a-z0-9]+)$/.exec(node.spec?.providerID ?? '')?.[1]
  const instanceId =
    fromProvider ?? labels?.['cloud.tencent.com/node-instance-id'] ?? `ins-${name.replace(/[^a-z0-9]/g, '')}`
  return {
    name,
    instanceId,
    networkInterfaceId: annotations?.['sim.pod-eip/eni-id'] ?? `eni-${instanceId.slice('ins-'.length)}`,
    cpu: Number.parseInt(node.status?.capacity?.cpu ?? '1', 10) || 1,
  }
}

/** Reads a Pod; `null` while it has no address of its own, and once its containers have ended. */
export function readNetworkPod(pod: KubeObject): NetworkPod | null {
  const { podIP, phase } = pod.status ?? {}
  if (!podIP || !pod.spec?.nodeName || pod.spec.hostNetwork) return null
  if (phase === 'Succeeded' || phase === 'Failed') return null
  return { uid: pod.metadata.uid!, node: pod.spec.nodeName, ip: podIP }
}

/** The network for these Nodes and Pods. */
export function desiredNetwork(nodes: Iterable<NetworkNode>, pods: Iterable<NetworkPod>): DesiredNetwork {
  const ips = new Map<string, string[]>()
  for (const pod of pods) ips.set(pod.node, [...(ips.get(pod.node) ?? []), pod.ip])
  const network: DesiredNetwork = { instances: [], interfaces: [] }
  for (const { name, instanceId, networkInterfaceId, cpu } of nodes) {
    network.instances.push({ instanceId, cpu })
    network.interfaces.push({ networkInterfaceId, instanceId, privateIps: (ips.get(name) ?? []).sort() })
  }
  return network
}
