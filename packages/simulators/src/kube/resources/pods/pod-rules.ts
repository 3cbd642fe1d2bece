import type { KubeObject } from '@pod-eip/kube'
import { type Cause, cause } from '../../store/api-error.ts'
import { copy, equal } from '../../store/json.ts'
import { qualifiedNameCauses } from '../../store/names.ts'
import type { ResourceRules } from '../../store/resource-type.ts'
import { containerNameCauses } from './container-rules.ts'
import { ephemeralContainerCauses } from './ephemeral-containers.ts'
import { setPodSpecDefaults, setRequests } from './pod-defaults.ts'
import { resourceCauses } from './resource-rules.ts'

const notReadySeconds = 300

export const podRules: ResourceRules = {
  statusWritesMetadata: true,
  selectableFields: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.nominatedNodeName',
  ],
  prepareCreate(draft) {
    draft.status = { phase: 'Pending' }
    draft.spec ??= {}
    draft.spec.serviceAccountName ||= draft.spec.serviceAccount || 'default'
    draft.spec.serviceAccount = draft.spec.serviceAccountName
    draft.spec.enableServiceLinks ??= true
    draft.spec.priority ??= 0
    draft.spec.preemptionPolicy ??= 'PreemptLowerPriority'
    addDefaultTolerations(draft)
  },
  setDefaults(draft) {
    if (!draft.spec) return
    setPodSpecDefaults(draft.spec)
    setRequests(draft.spec)
  },
  refuseCreate({ metadata, spec }, has) {
    const { serviceAccountName: name } = spec
    if (has({ group: '', version: 'v1', plural: 'serviceaccounts' }, name)) return undefined
    return `error looking up service account ${metadata.namespace}/${name}: serviceaccount "${name}" not found`
  },
  validate: (object) => [...podSpecCauses('spec', object.spec), ...ephemeralContainerCauses(object)],
  validateCreate: ({ spec }) =>
    spec?.ephemeralContainers?.length
      ? [cause.forbidden('spec.ephemeralContainers', 'cannot be set on create')]
      : [],
  validateUpdate: (object, before) =>
    equal(fixedPart(object), fixedPart(before)) ? tolerationCauses(object, before) : [changed],
  gracePeriod(object, asked) {
    if (!object.spec?.nodeName || ['Succeeded', 'Failed'].includes(object.status?.phase)) return 0
    return Math.max(0, asked ?? object.spec.terminationGracePeriodSeconds ?? 30)
  },
}

/** What is wrong with a Pod's spec, its own or that of a template. */
export function podSpecCauses(path: string, spec: KubeObject['spec']): Cause[] {
  const containers = spec?.containers
  // That there is a list at all is the schema's concern.
  if (!Array.isArray(containers)) return []
  if (containers.length === 0) return [cause.required(`${path}.containers`)]
  const names = new Set(containers.map(({ name }) => name))
  return [
    ...containers.flatMap((container, i) => containerCauses(`${path}.containers[${i}]`, container)),
    ...(spec.initContainers ?? []).flatMap((container: Container, i: number) => {
      const field = `${path}.initContainers[${i}]`
      const isTaken = names.has(container.name)
      return [
        ...containerCauses(field, container),
        ...(isTaken ? [cause.duplicate(`${field}.name`, container.name)] : []),
      ]
    }),
    ...(spec.readinessGates ?? []).flatMap(({ conditionType = '' }: { conditionType?: string }, i: number) =>
      qualifiedNameCauses(`${path}.readinessGates[${i}].conditionType`, [conditionType]),
    ),
  ]
}

interface Container {
  name?: string
  image?: string
  resources?: Parameters<typeof resourceCauses>[1]
}

function containerCauses(field: string, container: Container): Cause[] {
  return [
    ...containerNameCauses(field, container),
    ...resourceCauses(`${field}.resources`, container.resources),
  ]
}

/** Every Pod bears an unready or unreachable Node for five minutes, unless it says otherwise. */
function addDefaultTolerations(draft: KubeObject): void {
  const tolerations: { key?: string; effect?: string }[] = draft.spec.tolerations ?? []
  const missing = ['not-ready', 'unreachable']
    .map((word) => `node.kubernetes.io/${word}`)
    .filter(
      (key) => !tolerations.some((t) => (!t.key || t.key === key) && (!t.effect || t.effect === 'NoExecute')),
    )
    .map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: notReadySeconds }))
  if (missing.length > 0) draft.spec.tolerations = [...tolerations, ...missing]
}

const changed = cause.forbidden(
  'spec',
  'pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
)

function fixedPart({ spec }: KubeObject): unknown {
  const fixed = copy(spec)
  for (const field of ['activeDeadlineSeconds', 'tolerations', 'schedulingGates']) delete fixed[field]
  for (const container of [...(fixed.containers ?? []), ...(fixed.initContainers ?? [])])
    delete container.image
  return fixed
}

function tolerationCauses(object: KubeObject, before: KubeObject): Cause[] {
  const kept = (before.spec.tolerations ?? []).every((old: unknown) =>
    (object.spec.tolerations ?? []).some((t: unknown) => equal(t, old)),
  )
  return kept
    ? []
    : [
        cause.forbidden(
          'spec.tolerations',
          'existing toleration can not be modified except its tolerationSeconds',
        ),
      ]
}
