import type { ControllerRevision, Pod, StatefulSet } from '../shared/objects.ts'
import { controllerRefTo } from '../shared/pod-state.ts'

/** The label that names the revision whose template a Pod was made from. */
export const revisionLabel = 'controller-revision-hash'

/** The ordinal at the end of a Pod's name; `null` when the name is not one of this set's. */
export function ordinalOf(set: StatefulSet, pod: Pod): number | null {
  const prefix = `${set.metadata.name}-`
  if (!pod.metadata.name.startsWith(prefix)) return null
  const digits = pod.metadata.name.slice(prefix.length)
  return /^\d+$/.test(digits) ? Number(digits) : null
}

/** The Pod for an ordinal, as the revision's template wants it, with its identity. */
export function podOfOrdinal(set: StatefulSet, revision: ControllerRevision, ordinal: number): Pod {
  const { template } = revision.data.spec
  const name = `${set.metadata.name}-${ordinal}`
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      generateName: `${set.metadata.name}-`,
      namespace: set.metadata.namespace ?? 'default',
      labels: {
        ...template.metadata?.labels,
        'apps.kubernetes.io/pod-index': String(ordinal),
        'statefulset.kubernetes.io/pod-name': name,
        [revisionLabel]: revision.metadata.name,
      },
      ...(template.metadata?.annotations ? { annotations: template.metadata.annotations } : {}),
      ...(template.metadata?.finalizers ? { finalizers: template.metadata.finalizers } : {}),
      ownerReferences: [controllerRefTo(set, 'StatefulSet')],
    },
    spec: {
      ...template.spec,
      hostname: name,
      ...(set.spec.serviceName ? { subdomain: set.spec.serviceName } : {}),
    },
  }
}
