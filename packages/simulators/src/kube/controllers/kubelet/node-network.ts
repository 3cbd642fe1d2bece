import type { Node, Pod } from '../shared/objects.ts'
import { isTerminal } from '../shared/pod-state.ts'
import { formatIpv4, type Ipv4Range, parseCidr, parseIpv4 } from './ipv4.ts'

/** Where a Node keeps which network interface it has, so that a restart finds the same one. */
export const eniIdAnnotation = 'sim.pod-eip/eni-id'
export const eniCidrAnnotation = 'sim.pod-eip/eni-cidr'

/** A Node's network interface, whose secondary addresses its Pods get (VPC-CNI, shared interface). */
export interface NodeNetwork {
  nodeName: string
  instanceId: string
  eniId: string
  /** The part of the VPC's subnet that this interface draws from. */
  cidr: string
  /** The interface's own address; no Pod gets it. */
  primaryIp: string
}

/** The network interface of a registered Node; `null` before that. */
export function nodeNetwork(node: Node): NodeNetwork | null {
  const eniId = node.metadata.annotations?.[eniIdAnnotation]
  const cidr = node.metadata.annotations?.[eniCidrAnnotation]
  if (!eniId || !cidr) return null
  const primaryIp = formatIpv4(parseCidr(cidr).first + 2)
  return { nodeName: node.metadata.name, instanceId: instanceIdOf(node), eniId, cidr, primaryIp }
}

/** The CVM that the Node runs on. */
export function instanceIdOf(node: Node): string {
  const fromProvider = node.spec?.providerID?.split('/').at(-1)
  return node.metadata.labels?.['cloud.tencent.com/node-instance-id'] ?? fromProvider ?? ''
}

/** The address that a Pod holds on its node's interface; `null` when it has none (any more). */
export function heldIp(pod: Pod): string | null {
  const ip = pod.status?.podIP
  return ip && pod.spec.nodeName && !pod.spec.hostNetwork && !isTerminal(pod) ? ip : null
}

/** The lowest free address: what one Pod gives back, the next one gets. `null` when all are in use. */
export function freeIp(network: NodeNetwork, inUse: (ip: string) => boolean): string | null {
  const range = parseCidr(network.cidr)
  // The VPC keeps the first two addresses and the last; the third is the interface's own.
  for (let address = range.first + 3; address < range.last; address++) {
    const ip = formatIpv4(address)
    if (!inUse(ip)) return ip
  }
  return null
}

/** The first block of the subnet, of `size` addresses, that is not taken; `null` when there is none. */
export function freeBlock(subnet: string, size: number, taken: string[]): string | null {
  const range = parseCidr(subnet)
  const used = taken.map(parseCidr)
  const free = (block: Ipv4Range) => used.every((u) => u.last < block.first || u.first > block.last)
  for (let first = range.first; first + size - 1 <= range.last; first += size) {
    if (free({ first, last: first + size - 1 })) return `${formatIpv4(first)}/${32 - Math.log2(size)}`
  }
  return null
}

/** The Node's own address; of a Node without one, `0.0.0.0`. */
export function hostIpOf(node: Node): string {
  const internal = node.status?.addresses?.find((a) => a.type === 'InternalIP')?.address
  return internal ?? (isIpv4(node.metadata.name) ? node.metadata.name : '0.0.0.0')
}

function isIpv4(text: string): boolean {
  try {
    parseIpv4(text)
    return true
  } catch {
    return false
  }
}
