import type { KubeObject } from '@pod-eip/kube'

/** A Pod as an API server shows it, asking for an EIP unless `annotations` say otherwise. */
export function podObject(
  facts: {
    name?: string
    uid?: string
    resourceVersion?: number | string
    annotations?: Record<string, string>
    node?: string
    ip?: string
    hostNetwork?: boolean
    deleting?: boolean
    status?: Record<string, unknown>
  } = {},
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: facts.name ?? 'web-0',
      namespace: 'default',
      uid: facts.uid ?? 'uid-1',
      resourceVersion: String(facts.resourceVersion ?? 1),
      creationTimestamp: '2026-01-01T00:00:00Z',
      annotations: facts.annotations ?? { 'tke.cloud.tencent.com/eip-attributes': '{}' },
      ...(facts.deleting && { deletionTimestamp: '2026-01-01T01:00:00Z' }),
    },
    spec: {
      containers: [],
      ...(facts.node && { nodeName: facts.node }),
      ...(facts.hostNetwork && { hostNetwork: true }),
    },
    status: { phase: 'Pending', ...(facts.ip && { podIP: facts.ip }), ...facts.status },
  }
}

/** A Node of TKE. */
export function nodeObject(
  facts: {
    name?: string
    uid?: string
    resourceVersion?: number | string
    providerId?: string
    labels?: Record<string, string>
    cpu?: string | number
  } = {},
): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name: facts.name ?? '10.0.0.1',
      uid: facts.uid ?? 'node-uid-1',
      resourceVersion: String(facts.resourceVersion ?? 1),
      labels: facts.labels ?? {},
    },
    spec: { ...(facts.providerId !== undefined && { providerID: facts.providerId }) },
    status: { ...(facts.cpu !== undefined && { capacity: { cpu: facts.cpu } }) },
  }
}
