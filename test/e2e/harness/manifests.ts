import type { KubeObject } from '@pod-eip/kube'

const domain = 'tke.cloud.tencent.com'

export const annotation = {
  attributes: `${domain}/eip-attributes`,
  idList: `${domain}/eip-id-list`,
  deletePolicy: `${domain}/eip-claim-delete-policy`,
  publicIp: `${domain}/eip-public-ip`,
  eipId: `${domain}/eip-id`,
} as const

export interface PodOptions {
  /** The value of the annotation `eip-attributes`, as it is or as JSON; `null` for a Pod without it. */
  attributes?: object | string | null
  /** Further annotations, by their whole names. */
  annotations?: Record<string, string>
  /** The claim outlives the Pod. */
  isStatic?: boolean
  /** Only on Nodes with these labels. */
  nodeSelector?: Record<string, string>
  /** Leave the count of EIP slots to pod-eip, not to the scheduler. */
  withoutResource?: boolean
  readinessGate?: boolean
  hostNetwork?: boolean
}

/** A Pod that asks for an EIP. */
export function podManifest(name: string, options: PodOptions = {}): KubeObject {
  const { metadata, spec } = podTemplate({}, options)
  return { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name, namespace: 'default' }, spec }
}

/** A DaemonSet or Job of such Pods; a Job's does not end by itself while its readiness gate is shut. */
export function runnerManifest(
  kind: 'DaemonSet' | 'Job',
  name: string,
  options: PodOptions = {},
): KubeObject {
  const labels = { app: name }
  const template = podTemplate(labels, options)
  return {
    apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
    kind,
    metadata: { name, namespace: 'default' },
    spec:
      kind === 'Job'
        ? { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } }
        : { selector: { matchLabels: labels }, template },
  }
}

/** A Deployment or StatefulSet of such Pods. */
export function workloadManifest(
  kind: 'Deployment' | 'StatefulSet',
  name: string,
  replicas: number,
  options: PodOptions = {},
): KubeObject {
  const labels = { app: name }
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      ...(kind === 'StatefulSet' && { serviceName: '', podManagementPolicy: 'Parallel' }),
      template: podTemplate(labels, options),
    },
  }
}

function podTemplate(labels: Record<string, string>, options: PodOptions) {
  const { attributes = {}, annotations, isStatic, nodeSelector, withoutResource, readinessGate } = options
  const slots = { [`${domain}/eip`]: '1' }
  return {
    metadata: {
      labels,
      annotations: {
        ...(attributes !== null && {
          [annotation.attributes]: typeof attributes === 'string' ? attributes : JSON.stringify(attributes),
        }),
        ...(isStatic && { [annotation.deletePolicy]: 'Never' }),
        ...annotations,
      },
    },
    spec: {
      terminationGracePeriodSeconds: 1,
      ...(nodeSelector && { nodeSelector }),
      ...(options.hostNetwork && { hostNetwork: true }),
      ...(readinessGate && { readinessGates: [{ conditionType: `${domain}/eip-bound` }] }),
      containers: [
        {
          name: 'main',
          image: 'busybox',
          ...(!withoutResource && { resources: { requests: slots, limits: slots } }),
        },
      ],
    },
  }
}
