import type { KubeObject } from '@pod-eip/kube'
import { type Cause, cause } from '../store/api-error.ts'
import { at, equal } from '../store/json.ts'
import type { ResourceType } from '../store/resource-type.ts'
import { labelSelector as matches, selectorText } from '../store/selectors.ts'
import {
  controllerRevisionColumns,
  deploymentColumns,
  replicaSetColumns,
  statefulSetColumns,
} from './columns/workload-columns.ts'
import { define } from './define.ts'
import { setPodSpecDefaults } from './pods/pod-defaults.ts'
import { podSpecCauses } from './pods/pod-rules.ts'
import { labelSelector, maxUnavailable, podTemplate } from './pods/pod-spec.ts'
import { anything, choice, conditions, flag, integer, list, object, text } from './schema/build.ts'

const replicas = { ...integer('How many Pods.'), minimum: 0 }
const counts = (...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, integer(`How many Pods: ${name}.`)]))
const selector = { ...labelSelector, description: 'Which Pods are its own.' }

/** What a workload's status says before its controller has seen it. */
const emptyStatus: Record<string, object> = {
  Deployment: {},
  ReplicaSet: { replicas: 0 },
  StatefulSet: { replicas: 0, availableReplicas: 0 },
}

const workload = (
  type: Pick<ResourceType, 'plural' | 'kind' | 'shortNames' | 'schema' | 'columns'>,
  setDefaults: (draft: KubeObject) => void,
  validateUpdate: (object: KubeObject, before: KubeObject) => Cause[],
  validate: (object: KubeObject) => Cause[] = () => [],
) =>
  define({
    ...type,
    group: 'apps',
    version: 'v1',
    namespaced: true,
    categories: ['all'],
    status: true,
    generation: true,
    scale: {
      specReplicas: ['spec', 'replicas'],
      statusReplicas: ['status', 'replicas'],
      selector: ['spec', 'selector'],
    },
    rules: {
      nameIs: type.kind === 'StatefulSet' ? 'label' : 'subdomain',
      prepareCreate: (draft) => {
        draft.status = emptyStatus[type.kind]
      },
      setDefaults(draft) {
        if (!draft.spec) return
        draft.spec.replicas ??= 1
        if (draft.spec.template?.spec) setPodSpecDefaults(draft.spec.template.spec)
        setDefaults(draft)
      },
      validate: (object) => [...workloadCauses(object), ...validate(object)],
      validateUpdate,
    },
  })

export const deployments = workload(
  {
    plural: 'deployments',
    columns: deploymentColumns,
    kind: 'Deployment',
    shortNames: ['deploy'],
    schema: object(
      {
        spec: object(
          {
            replicas,
            selector,
            template: podTemplate,
            strategy: object(
              {
                type: choice(['RollingUpdate', 'Recreate'], 'RollingUpdate (the default) or Recreate.'),
                rollingUpdate: object({ maxSurge: maxUnavailable, maxUnavailable }, 'How fast.'),
              },
              'How old Pods are replaced.',
            ),
            minReadySeconds: integer('How long a Pod must be ready to count as available.'),
            revisionHistoryLimit: integer('How many old ReplicaSets are kept.'),
            progressDeadlineSeconds: integer('How long until a standstill is told.'),
            paused: flag('Whether changes wait.'),
          },
          'What is wanted.',
          ['selector', 'template'],
        ),
        status: object(
          {
            ...counts(
              'replicas',
              'updatedReplicas',
              'readyReplicas',
              'availableReplicas',
              'unavailableReplicas',
              'terminatingReplicas',
            ),
            observedGeneration: integer('The generation that was acted on.'),
            collisionCount: integer('How often a name was taken.'),
            conditions,
          },
          'What is.',
        ),
      },
      'Pods that are replaced bit by bit when their template changes.',
      ['spec'],
    ),
  },
  ({ spec }) => {
    spec.strategy ??= {}
    spec.strategy.type ??= 'RollingUpdate'
    if (spec.strategy.type === 'RollingUpdate') {
      spec.strategy.rollingUpdate = { maxSurge: '25%', maxUnavailable: '25%', ...spec.strategy.rollingUpdate }
    }
    spec.revisionHistoryLimit ??= 10
    spec.progressDeadlineSeconds ??= 600
  },
  selectorIsImmutable,
  standstillCauses,
)

export const replicaSets = workload(
  {
    plural: 'replicasets',
    columns: replicaSetColumns,
    kind: 'ReplicaSet',
    shortNames: ['rs'],
    schema: object(
      {
        spec: object(
          {
            replicas,
            selector,
            template: podTemplate,
            minReadySeconds: integer('How long a Pod must be ready to count as available.'),
          },
          'What is wanted.',
          ['selector'],
        ),
        status: object(
          {
            ...counts(
              'replicas',
              'fullyLabeledReplicas',
              'readyReplicas',
              'availableReplicas',
              'terminatingReplicas',
            ),
            observedGeneration: integer('The generation that was acted on.'),
            conditions,
          },
          'What is.',
        ),
      },
      'A number of like Pods.',
      ['spec'],
    ),
  },
  () => {},
  selectorIsImmutable,
)

export const statefulSets = workload(
  {
    plural: 'statefulsets',
    columns: statefulSetColumns,
    kind: 'StatefulSet',
    shortNames: ['sts'],
    schema: object(
      {
        spec: object(
          {
            replicas,
            selector,
            template: podTemplate,
            serviceName: text('The headless Service that names its Pods.'),
            podManagementPolicy: choice(['OrderedReady', 'Parallel'], 'Whether Pods wait for each other.'),
            updateStrategy: object(
              {
                type: choice(['RollingUpdate', 'OnDelete'], 'RollingUpdate (the default) or OnDelete.'),
                rollingUpdate: object(
                  { partition: integer('Ordinals below it keep the old template.'), maxUnavailable },
                  'How far and how fast.',
                ),
              },
              'How old Pods are replaced.',
            ),
            revisionHistoryLimit: integer('How many old revisions are kept.'),
            minReadySeconds: integer('How long a Pod must be ready to count as available.'),
            ordinals: object({ start: integer('The first number.') }, 'How its Pods are numbered.'),
            persistentVolumeClaimRetentionPolicy: anything('What becomes of its volume claims.'),
            volumeClaimTemplates: list(anything('A claim.'), 'Volume claims, one of each for every Pod.'),
          },
          'What is wanted.',
          ['selector', 'template'],
        ),
        status: object(
          {
            ...counts('replicas', 'readyReplicas', 'availableReplicas', 'currentReplicas', 'updatedReplicas'),
            observedGeneration: integer('The generation that was acted on.'),
            currentRevision: text('Revision of the old Pods.'),
            updateRevision: text('Revision of the new Pods.'),
            collisionCount: integer('How often a name was taken.'),
            conditions,
          },
          'What is.',
        ),
      },
      'Pods with names and places of their own.',
      ['spec'],
    ),
  },
  ({ spec }) => {
    spec.podManagementPolicy ??= 'OrderedReady'
    spec.updateStrategy ??= {}
    spec.updateStrategy.type ??= 'RollingUpdate'
    if (spec.updateStrategy.type === 'RollingUpdate') {
      spec.updateStrategy.rollingUpdate = { partition: 0, ...spec.updateStrategy.rollingUpdate }
    }
    spec.revisionHistoryLimit ??= 10
    spec.persistentVolumeClaimRetentionPolicy ??= { whenDeleted: 'Retain', whenScaled: 'Retain' }
  },
  statefulSetIsFixed,
)

export const controllerRevisions = define({
  group: 'apps',
  version: 'v1',
  plural: 'controllerrevisions',
  columns: controllerRevisionColumns,
  kind: 'ControllerRevision',
  namespaced: true,
  schema: object(
    { data: anything('The state.'), revision: integer('Its number.') },
    'A former state of a workload.',
    ['revision'],
  ),
})

/** A rolling update that may neither add a Pod nor take one away never moves. */
function standstillCauses({ spec }: KubeObject): Cause[] {
  const { type, rollingUpdate } = spec?.strategy ?? {}
  if (!rollingUpdate) return []
  const field = 'spec.strategy.rollingUpdate'
  if (type === 'Recreate') {
    return [cause.forbidden(field, "may not be specified when strategy `type` is 'Recreate'")]
  }
  const { maxSurge, maxUnavailable } = rollingUpdate
  const isZero = (value: unknown) => Number.parseInt(String(value), 10) === 0
  return isZero(maxSurge) && isZero(maxUnavailable)
    ? [cause.invalid(`${field}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0')]
    : []
}

function workloadCauses({ spec }: KubeObject): Cause[] {
  if (!spec) return []
  const labels = spec.template?.metadata?.labels ?? {}
  const text = selectorText(spec.selector)
  const empty = text === '' ? [cause.required('spec.selector')] : []
  const mismatch = !matches(text)({ metadata: { name: '', labels } })
  return [
    ...empty,
    ...(mismatch
      ? [
          cause.invalid(
            'spec.template.metadata.labels',
            labels,
            '`selector` does not match template `labels`',
          ),
        ]
      : []),
    ...podSpecCauses('spec.template.spec', spec.template?.spec),
  ]
}

function selectorIsImmutable(object: KubeObject, before: KubeObject): Cause[] {
  const [now, then] = [at(object, ['spec', 'selector']), at(before, ['spec', 'selector'])]
  return equal(now, then) ? [] : [cause.invalid('spec.selector', now, 'field is immutable')]
}

const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]

function statefulSetIsFixed(object: KubeObject, before: KubeObject): Cause[] {
  const fixed = ({ spec }: KubeObject) =>
    Object.fromEntries(Object.entries(spec ?? {}).filter(([field]) => !changeable.includes(field)))
  if (equal(fixed(object), fixed(before))) return []
  const sentence =
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
  return [cause.forbidden('spec', sentence)]
}
