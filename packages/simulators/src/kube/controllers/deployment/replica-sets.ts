import { sameJson, shortHash } from '../shared/json.ts'
import type { Deployment, PodTemplate, ReplicaSet } from '../shared/objects.ts'
import { controllerRefTo } from '../shared/pod-state.ts'
import { parseTimestamp } from '../shared/time.ts'

/** The label that tells apart the Pods of a Deployment's ReplicaSets. */
export const hashLabel = 'pod-template-hash'
/** Which of the Deployment's templates: counts up. */
export const revisionAnnotation = 'deployment.kubernetes.io/revision'

/** The ReplicaSet that has the Deployment's template, and the others, oldest first. */
export function splitReplicaSets(
  deployment: Deployment,
  owned: ReplicaSet[],
): { current: ReplicaSet | undefined; old: ReplicaSet[] } {
  const sorted = [...owned].sort(
    (a, b) =>
      (parseTimestamp(a.metadata.creationTimestamp) ?? 0) -
        (parseTimestamp(b.metadata.creationTimestamp) ?? 0) || (a.metadata.name < b.metadata.name ? -1 : 1),
  )
  const current = sorted.find((set) => sameJson(withoutHash(set.spec.template), deployment.spec.template))
  return { current, old: sorted.filter((set) => set !== current) }
}

/** The ReplicaSet for the Deployment's template, named by the template's hash. */
export function newReplicaSet(deployment: Deployment, replicas: number, revision: number): ReplicaSet {
  const { template, selector, minReadySeconds } = deployment.spec
  const hash = shortHash(template)
  const labels = { ...template.metadata?.labels, [hashLabel]: hash }
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace ?? 'default',
      labels,
      annotations: { ...carriedAnnotations(deployment), [revisionAnnotation]: String(revision) },
      ownerReferences: [controllerRefTo(deployment, 'Deployment')],
    },
    spec: {
      replicas,
      ...(minReadySeconds ? { minReadySeconds } : {}),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  }
}

/** The number in the revision annotation, 0 without one. */
export function revisionNumber(object: { metadata: { annotations?: Record<string, string> } }): number {
  return Number(object.metadata.annotations?.[revisionAnnotation] ?? 0) || 0
}

/** The sum of the replicas that the sets are told to have. */
export function wantedReplicas(sets: ReplicaSet[]): number {
  return sets.reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0)
}

function withoutHash(template: PodTemplate): PodTemplate {
  const { [hashLabel]: _hash, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

const notCarried = ['kubectl.kubernetes.io/last-applied-configuration', revisionAnnotation]

function carriedAnnotations(deployment: Deployment): Record<string, string> {
  return Object.fromEntries(
    Object.entries(deployment.metadata.annotations ?? {}).filter(([name]) => !notCarried.includes(name)),
  )
}
