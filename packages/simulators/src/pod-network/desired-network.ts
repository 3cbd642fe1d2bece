import type { KubeObject } from '@pod-eip/kube'
import { exclusiveEniId, hasExclusiveEni } from '../exclusive-eni.ts'

/** What the cloud's network must look like for the Pods of a cluster to be real to it. */
export interface DesiredNetwork {
  instances: { instanceId: string; cpu: number }[]
  interfaces: { networkInterfaceId: string; instanceId: string; primary: boolean; privateIps: string[] }[]
}

/** A Node as the cloud sees it: one CVM with its own network interface and one that its Pods share. */
export interface NetworkNode {
  name: string
  instanceId: string
  networkInterfaceId: string
  cpu: number
  /** The CVM's own address; `null` while the Node shows none. */
  internalIp: string | null
}

/** A Pod's address, on its node's shared network interface or on one of its own. */
export interface NetworkPod {
  uid: string
  node: string
  ip: string
  exclusiveEni: boolean
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
    internalIp: internalIpOf(node),
  }
}

/** Reads a Pod; `null` while it has no address of its own, and once its containers have ended. */
export function readNetworkPod(pod: KubeObject): NetworkPod | null {
  const { podIP, phase } = pod.status ?? {}
  if (!podIP || !pod.spec?.nodeName || pod.spec.hostNetwork) return null
  if (phase === 'Succeeded' || phase === 'Failed') return null
  const exclusiveEni = hasExclusiveEni(pod.metadata.annotations)
  return { uid: pod.metadata.uid!, node: pod.spec.nodeName, ip: podIP, exclusiveEni }
}

function internalIpOf(node: KubeObject): string | null {
  const addresses: { type: string; address: string }[] = node.status?.addresses ?? []
  return addresses.find(({ type }) => type === 'InternalIP')?.address ?? null
}

/** The network for these Nodes and Pods. */
export function desiredNetwork(nodes: Iterable<NetworkNode>, pods: Iterable<NetworkPod>): DesiredNetwork {
  const podsOf = Map.groupBy(pods, (pod) => pod.node)
  const network: DesiredNetwork = { instances: [], interfaces: [] }
  for (const { name, instanceId, networkInterfaceId, cpu, internalIp } of nodes) {
    network.instances.push({ instanceId, cpu })
    const attach = (id: string, privateIps: string[], primary = false) =>
      network.interfaces.push({ networkInterfaceId: id, instanceId, primary, privateIps })
    if (internalIp) attach(`${networkInterfaceId}-own`, [internalIp], true)
    const onNode = podsOf.get(name) ?? []
    const shared = onNode.filter((pod) => !pod.exclusiveEni)
    // The primary address is the interface's own: its Pods have the secondary ones.
    const own = internalIp ? [internalIp.replace(/^\d+/, '250')] : []
    attach(networkInterfaceId, [...own, ...shared.map((pod) => pod.ip).sort()])
    for (const pod of onNode) if (pod.exclusiveEni) attach(exclusiveEniId(pod.uid), [pod.ip])
  }
  return network
}
