import type { KubeObject } from '@pod-eip/kube'
import { z } from 'zod'
import { metaSchema, readObject } from './object-meta.ts'

/** What is kept of a Node as it was seen. */
export interface SeenNode {
  node: string
  uid: string
  resourceVersion: string
  /** The CVM, such as `ins-0a1b2c3d`. */
  instanceId: string | null
  /** CPU cores of the instance. */
  cpu: number | null
  /** Its InternalIP: the instance's own private address. */
  internalIp: string | null
}

const nodeSchema = z.object({
  metadata: metaSchema.extend({ labels: z.record(z.string(), z.string()).nullish() }),
  spec: z.object({ providerID: z.string().nullish() }).nullish(),
  status: z
    .object({
      capacity: z.record(z.string(), z.union([z.string(), z.number()])).nullish(),
      addresses: z.array(z.object({ type: z.string(), address: z.string() })).nullish(),
    })
    .nullish(),
})

const instanceIdLabel = 'cloud.tencent.com/node-instance-id'
const instanceTypeLabels = ['node.kubernetes.io/instance-type', 'beta.kubernetes.io/instance-type']

/**
 * The facts of a Node that the rules need.
 * @throws when the object is no Node, which an API server never sends
 */
export function projectNode(object: KubeObject): SeenNode {
  const { metadata, spec, status } = readObject(nodeSchema, 'Node', object)
  const labels = metadata.labels ?? {}
  const instanceType = instanceTypeLabels.map((name) => labels[name]).find(Boolean) ?? ''
  return {
    node: metadata.name,
    uid: metadata.uid,
    resourceVersion: metadata.resourceVersion,
    instanceId: instanceIdOfProvider(spec?.providerID ?? '') ?? asInstanceId(labels[instanceIdLabel] ?? ''),
    cpu: parseCores(status?.capacity?.cpu ?? '') ?? coresOfType(instanceType),
    internalIp: status?.addresses?.find(({ type }) => type === 'InternalIP')?.address || null,
  }
}

/** `qcloud:///800006/ins-0a1b2c3d`: provider, zone, instance. */
function instanceIdOfProvider(providerId: string): string | null {
  if (!providerId.startsWith('qcloud://')) return null
  return asInstanceId(providerId.slice(providerId.lastIndexOf('/') + 1))
}

function asInstanceId(text: string): string | null {
  return /^ins-[0-9a-z]+$/.test(text) ? text : null
}

/**
 * Whole cores of a CPU quantity such as `8` or `7910m`. What is reserved is taken off a Node's count in
 * thousandths, so a broken number is rounded up to what the instance has.
 */
function parseCores(quantity: string | number): number | null {
  const match = /^(\d+(?:\.\d+)?)(m?)$/.exec(String(quantity))
  if (!match) return null
  const cores = Math.ceil(Number(match[1]) / (match[2] === 'm' ? 1000 : 1))
  return cores > 0 && Number.isSafeInteger(cores) ? cores : null
}

/** CPU cores by the size in a CVM's instance type, such as `S5.2XLARGE16`; for a Node that shows no capacity yet. */
function coresOfType(instanceType: string): number | null {
  const [, count, size] = /\.(\d*)(SMALL|MEDIUM|LARGE|XLARGE)\d*$/.exec(instanceType) ?? []
  switch (size) {
    case 'SMALL':
      return 1
    case 'MEDIUM':
      return 2
    case 'LARGE':
      return 4
    case 'XLARGE':
      return 4 * Number(count || '1')
    default:
      return null
  }
}
