import type { KubeObject, OwnerReference } from '@pod-eip/kube'

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

/** The ConfigMap of ip-masq-agent, as TKE installs it. */
export function masqAgentManifest(config: string): KubeObject {
  const metadata = { name: 'ip-masq-agent-config', namespace: 'kube-system' }
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { config } }
}

/** A Pod that a workload of the given name has made. */
export function ownedPodManifest(
  name: string,
  app: string,
  owner: OwnerReference,
  options: PodOptions = {},
): KubeObject {
  const pod = podManifest(name, options)
  return { ...pod, metadata: { ...pod.metadata, labels: { app }, ownerReferences: [owner] } }
}

/** A DaemonSet or Job of such Pods; a Job's does not end by itself while its readiness gate is shut. */
export function runnerManifest(
  kind: 'DaemonSet' | 'Job',
  name: string,
  options: PodOptions = {},
): KubeObject {
  const metadata = { name, namespace: 'default' }
  if (kind === 'Job') return { apiVersion: 'batch/v1', kind, metadata, spec: jobSpec(name, options) }
  const labels = { app: name }
  const spec = { selector: { matchLabels: labels }, template: podTemplate(labels, options) }
  return { apiVersion: 'apps/v1', kind, metadata, spec }
}

/** A CronJob of such Jobs, whose time does not come. */
export function cronJobManifest(name: string, options: PodOptions = {}): KubeObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, namespace: 'default' },
    spec: { schedule: '0 0 1 1 *', suspend: true, jobTemplate: { spec: jobSpec(name, options) } },
  }
}

function jobSpec(name: string, options: PodOptions) {
  const template = podTemplate({ app: name }, options)
  return { template: { ...template, spec: { ...template.spec, restartPolicy: 'Never' } } }
}

/** A Deployment, ReplicaSet or StatefulSet of such Pods. */
export function workloadManifest(
  kind: 'Deployment' | 'ReplicaSet' | 'StatefulSet',
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
