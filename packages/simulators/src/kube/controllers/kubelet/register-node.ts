import type { Random } from '@pod-eip/runtime'
import { nothing, type Plan } from '../shared/actions.ts'
import { sameJson } from '../shared/json.ts'
import type { Condition, Node, ResourceList } from '../shared/objects.ts'
import { condition, isTerminating, withCondition } from '../shared/pod-state.ts'
import { nodes as nodeResource } from '../shared/resources.ts'
import { timestamp } from '../shared/time.ts'
import { eniCidrAnnotation, eniIdAnnotation, freeBlock, hostIpOf, nodeNetwork } from './node-network.ts'
import { isStopped } from './run-pod.ts'

/** Where the Nodes' network interfaces get their addresses from. */
export interface SubnetConfig {
  /** The VPC's subnet for Pods. */
  podSubnet: string
  /** How much of it one Node's interface draws from: a power of two. */
  addressesPerNode: number
}

export const defaultSubnetConfig: SubnetConfig = { podSubnet: '10.1.0.0/16', addressesPerNode: 128 }

/**
 * What a Node's kubelet does for the Node itself: gives it a network interface once, says that it is
 * Ready, and makes every extended resource of its capacity allocatable.
 */
export function registerNode(
  node: Node,
  others: Node[],
  config: SubnetConfig,
  now: number,
  random: Random,
): Plan {
  if (isTerminating(node) || isStopped(node)) return nothing
  if (nodeNetwork(node)) return reportStatus(node, networkReady, now)
  const cidr = freeBlock(
    config.podSubnet,
    config.addressesPerNode,
    others.map((other) => other.metadata.annotations?.[eniCidrAnnotation]).filter((c) => c !== undefined),
  )
  // Another Node may go and leave its part of the subnet.
  if (!cidr) return { ...reportStatus(node, subnetFull(config), now), again: now + subnetRetryMs }
  const annotations = {
    ...node.metadata.annotations,
    [eniIdAnnotation]: newEniId(random),
    [eniCidrAnnotation]: cidr,
  }
  const object: Node = { ...node, metadata: { ...node.metadata, annotations } }
  return { actions: [{ do: 'update', resource: nodeResource, object }] }
}

const subnetRetryMs = 30_000

function reportStatus(node: Node, network: Condition, now: number): Plan {
  const status = registeredStatus(node, network, now)
  if (sameJson(status, node.status)) return nothing
  return { actions: [{ do: 'updateStatus', resource: nodeResource, object: { ...node, status } as Node }] }
}

function registeredStatus(node: Node, network: Condition, now: number): Node['status'] {
  const capacity = { ...defaultCapacity, ...node.status?.capacity }
  const at = timestamp(now)
  const ready = condition(node.status?.conditions, 'Ready')
  const healthy = [network, ...pressures, ...(ready?.status === 'False' ? [] : [readyCondition])]
  return {
    ...node.status,
    capacity,
    allocatable: allocatable(capacity, node.status?.allocatable),
    addresses: node.status?.addresses ?? [
      { type: 'InternalIP', address: hostIpOf(node) },
      { type: 'Hostname', address: node.metadata.name },
    ],
    conditions: healthy.reduce(
      (list, next) =>
        condition(list, next.type)?.status === next.status ? list : withCondition(list, next, at),
      node.status?.conditions ?? [],
    ),
    nodeInfo: node.status?.nodeInfo ?? nodeInfo,
  }
}

// A Node that is written by hand may bring no status at all: then it is a small one.
const defaultCapacity: ResourceList = { cpu: '4', memory: '8Gi', 'ephemeral-storage': '50Gi', pods: '110' }

/** Extended resources (those with a domain) as in capacity; of the others, what the Node keeps back stays. */
function allocatable(capacity: ResourceList, before: ResourceList | undefined): ResourceList {
  const own = Object.entries(before ?? {}).filter(([name]) => !name.includes('/'))
  const extended = Object.entries(capacity).filter(([name]) => name.includes('/'))
  const missing = Object.entries(capacity).filter(([name]) => !(before && name in before))
  return Object.fromEntries([...own, ...missing, ...extended])
}

function newEniId(random: Random): string {
  const letters = '0123456789abcdefghijklmnopqrstuvwxyz'
  return `eni-${Array.from({ length: 8 }, () => letters[Math.floor(random.next() * letters.length)]).join('')}`
}

const fine = (type: string, reason: string, message: string): Condition => ({
  type,
  status: 'False',
  reason,
  message,
})
const pressures = [
  fine('MemoryPressure', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
  fine('DiskPressure', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
  fine('PIDPressure', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
]
const readyCondition: Condition = {
  type: 'Ready',
  status: 'True',
  reason: 'KubeletReady',
  message: 'kubelet is posting ready status',
}

const networkReady = fine(
  'NetworkUnavailable',
  'NetworkInterfaceAttached',
  'the node has its network interface',
)
function subnetFull({ podSubnet, addressesPerNode }: SubnetConfig): Condition {
  const message = `the Pod subnet ${podSubnet} has no ${addressesPerNode} addresses left for this node; choose a larger one`
  return { type: 'NetworkUnavailable', status: 'True', reason: 'SubnetFull', message }
}

/** What `kubectl get nodes` shows of a simulated Node. */
export const nodeInfo: Record<string, string> = {
  architecture: 'amd64',
  operatingSystem: 'linux',
  osImage: 'TencentOS Server 3.1 (Final)',
  kernelVersion: '5.4.119-19.0009.28',
  kubeletVersion: 'v1.32.2-tke.1',
  kubeProxyVersion: 'v1.32.2-tke.1',
  containerRuntimeVersion: 'containerd://1.6.9-tke.8',
  machineID: '',
  systemUUID: '',
  bootID: '',
}
