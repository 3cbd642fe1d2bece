import { formatIpv4, parseCidr } from '../kubelet/ipv4.ts'
import { nodeInfo } from '../kubelet/register-node.ts'
import { fnv1a } from '../shared/json.ts'
import type { Node } from '../shared/objects.ts'

/** How a Node of a TKE cluster is made. */
export interface TkeNodeOptions {
  /** Counts the Nodes from 0; name, address and instance id follow from it. */
  index: number
  cpu?: number
  memoryGiB?: number
  region?: string
  /** The last part of the zone's name. */
  zone?: number
  /** The VPC's subnet for CVMs. */
  nodeSubnet?: string
  /** Secondary addresses that its shared network interfaces have room for. */
  eniIps?: number
  /** Network interfaces that Pods can have for themselves. */
  directEnis?: number
}

/** A Node as TKE makes it: named by its address, with its CVM in providerID and labels. */
export function makeTkeNode(options: TkeNodeOptions): Node {
  const { index, cpu = 4, memoryGiB = cpu * 2, region = 'ap-guangzhou', zone = 3 } = options
  const subnet = parseCidr(options.nodeSubnet ?? '10.0.0.0/16')
  const address = formatIpv4(subnet.first + 4 + index)
  const instanceId = `ins-${fnv1a(`${address}/instance`).toString(36).padStart(8, '0').slice(-8)}`
  const memoryKi = memoryGiB * 2 ** 20
  const capacity = {
    cpu: String(cpu),
    memory: `${memoryKi}Ki`,
    'ephemeral-storage': '51473868Ki',
    pods: '110',
    'tke.cloud.tencent.com/eni-ip': String(options.eniIps ?? Math.min(108, cpu * 8)),
    'tke.cloud.tencent.com/direct-eni': String(options.directEnis ?? Math.min(18, cpu * 2)),
  }
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: address,
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'cloud.tencent.com/node-instance-id': instanceId,
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': address,
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': instanceType(cpu, memoryGiB),
        'topology.kubernetes.io/region': region,
        'topology.kubernetes.io/zone': `${region}-${zone}`,
      },
    },
    spec: { providerID: `qcloud:///80000${zone}/${instanceId}` },
    status: {
      capacity,
      allocatable: {
        ...capacity,
        cpu: `${cpu * 1000 - reservedMilliCpu(cpu)}m`,
        memory: `${memoryKi - reservedMemoryKi(memoryGiB)}Ki`,
      },
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address },
      ],
      nodeInfo,
    },
  }
}

function instanceType(cpu: number, memoryGiB: number): string {
  const sizes: Record<number, string> = { 1: 'SMALL', 2: 'MEDIUM', 4: 'LARGE' }
  return `S5.${sizes[cpu] ?? `${cpu / 4}XLARGE`}${memoryGiB}`
}

/** What TKE keeps for the system: 6 % of the first core, 1 % of the second, 0.5 % of two more, 0.25 % of the rest. */
function reservedMilliCpu(cpu: number): number {
  return Math.ceil(
    share(cpu, [
      [1, 60],
      [1, 10],
      [2, 5],
      [Number.POSITIVE_INFINITY, 2.5],
    ]),
  )
}

/** And of memory: 25 % of the first 4 GiB, 20 % of the next 4, 10 % of 8 more, 6 % up to 128 GiB, then 2 %. */
function reservedMemoryKi(memoryGiB: number): number {
  const gib = share(memoryGiB, [
    [4, 0.25],
    [4, 0.2],
    [8, 0.1],
    [112, 0.06],
    [Number.POSITIVE_INFINITY, 0.02],
  ])
  return Math.ceil(gib * 2 ** 20)
}

function share(amount: number, steps: [size: number, rate: number][]): number {
  let left = amount
  let sum = 0
  for (const [size, rate] of steps) {
    const part = Math.min(left, size)
    sum += part * rate
    left -= part
  }
  return sum
}
