import { exclusiveEniId, hasExclusiveEni } from '../../../exclusive-eni.ts'
import { heldIp, type NodeNetwork, nodeNetwork } from '../kubelet/node-network.ts'
import type { Node, Pod } from '../shared/objects.ts'

/** A Pod's private address comes onto a network interface of its Node, or leaves it. */
export interface PodNetworkChange {
  change: 'added' | 'removed'
  nodeName: string
  instanceId: string
  /** The Node's, shared by its Pods; or the Pod's own, which comes and goes with it. */
  eniId: string
  exclusiveEni: boolean
  namespace: string
  podName: string
  podUid: string
  privateIp: string
}

/** A Node's network interface comes into being, or goes with its CVM and all its addresses. */
export interface NodeNetworkChange extends NodeNetwork {
  change: 'added' | 'removed'
}

/** All that is on the network: for each Node its shared interface and the addresses that Pods hold on the Node. */
export type NetworkState = (NodeNetwork & { pods: Omit<PodNetworkChange, 'change'>[] })[]

export interface NetworkHooks {
  /** Called before the Pod's status shows the address, and before the Pod is gone. */
  onPodNetwork?: (change: PodNetworkChange) => void
  onNodeNetwork?: (change: NodeNetworkChange) => void
}

/** Who holds which address. Memory only: built from the Pods and Nodes that are there. */
export interface Network {
  attach(pod: Pod, node: Node, ip: string): void
  release(podUid: string): void
  /** Follows what the API shows: an address whose Pod has ended or gone is free again. */
  podChanged(pod: Pod | undefined, before: Pod | undefined): void
  nodeChanged(node: Node | undefined, before: Node | undefined): void
  inUse(ip: string): boolean
  state(): NetworkState
}

/** The network as `nodes` and `pods` show it; hooks are called for what changes from here on. */
export function createNetwork(nodes: Node[], pods: Pod[], hooks: NetworkHooks): Network {
  const interfaces = new Map<string, NodeNetwork>()
  const held = new Map<string, Omit<PodNetworkChange, 'change'>>()
  const holderOf = new Map<string, string>()

  const hold = (pod: Pod, network: NodeNetwork, privateIp: string) => {
    const podUid = pod.metadata.uid ?? ''
    const { nodeName, instanceId } = network
    const exclusiveEni = hasExclusiveEni(pod.metadata.annotations)
    const eniId = exclusiveEni ? exclusiveEniId(podUid) : network.eniId
    const { namespace = 'default', name: podName } = pod.metadata
    const holding = { nodeName, instanceId, eniId, exclusiveEni, namespace, podName, podUid, privateIp }
    held.set(podUid, holding)
    holderOf.set(privateIp, podUid)
    return holding
  }
  for (const node of nodes) {
    const network = nodeNetwork(node)
    if (network) interfaces.set(network.nodeName, network)
  }
  for (const pod of pods) {
    const ip = heldIp(pod)
    const network = interfaces.get(pod.spec.nodeName ?? '')
    if (ip && network) hold(pod, network, ip)
  }

  const release = (podUid: string) => {
    const holding = held.get(podUid)
    if (!holding) return
    held.delete(podUid)
    holderOf.delete(holding.privateIp)
    hooks.onPodNetwork?.({ change: 'removed', ...holding })
  }
  return {
    release,
    attach(pod, node, ip) {
      const network = nodeNetwork(node)
      const uid = pod.metadata.uid ?? ''
      if (!network || held.get(uid)?.privateIp === ip) return
      release(uid)
      const holding = hold(pod, network, ip)
      hooks.onPodNetwork?.({ change: 'added', ...holding })
    },
    podChanged(pod, before) {
      const uid = (pod ?? before)?.metadata.uid ?? ''
      // An address that was attached a moment ago is not in the status yet: only an end releases it.
      const ended = !pod || (heldIp(pod) === null && pod.status?.podIP !== undefined)
      if (ended) release(uid)
    },
    nodeChanged(node, before) {
      const name = (node ?? before)!.metadata.name
      const known = interfaces.get(name)
      const network = node ? nodeNetwork(node) : null
      if (known?.eniId === network?.eniId) return
      if (known) {
        interfaces.delete(name)
        hooks.onNodeNetwork?.({ change: 'removed', ...known })
      }
      if (network) {
        interfaces.set(name, network)
        hooks.onNodeNetwork?.({ change: 'added', ...network })
      }
    },
    inUse: (ip) => holderOf.has(ip),
    state: () =>
      [...interfaces.values()].map((network) => ({
        ...network,
        pods: [...held.values()].filter((holding) => holding.nodeName === network.nodeName),
      })),
  }
}
