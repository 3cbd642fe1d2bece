import { cause } from '../store/api-error.ts'
import { at, equal } from '../store/json.ts'
import { daemonSetColumns } from './columns/workload-columns.ts'
import { define } from './define.ts'
import { setPodSpecDefaults } from './pods/pod-defaults.ts'
import { podSpecCauses } from './pods/pod-rules.ts'
import { labelSelector, maxUnavailable, podTemplate } from './pods/pod-spec.ts'
import { choice, conditions, integer, object } from './schema/build.ts'

const counts = [
  'currentNumberScheduled',
  'desiredNumberScheduled',
  'numberMisscheduled',
  'numberReady',
  'numberAvailable',
  'numberUnavailable',
  'updatedNumberScheduled',
]

export const daemonSets = define({
  group: 'apps',
  version: 'v1',
  plural: 'daemonsets',
  kind: 'DaemonSet',
  shortNames: ['ds'],
  categories: ['all'],
  namespaced: true,
  status: true,
  generation: true,
  columns: daemonSetColumns,
  schema: object(
    {
      spec: object(
        {
          selector: { ...labelSelector, description: 'Which Pods are its own.' },
          template: podTemplate,
          updateStrategy: object(
            {
              type: choice(['RollingUpdate', 'OnDelete'], 'RollingUpdate (the default) or OnDelete.'),
              rollingUpdate: object({ maxSurge: maxUnavailable, maxUnavailable }, 'How fast.'),
            },
            'How old Pods are replaced.',
          ),
          minReadySeconds: integer('How long a Pod must be ready to count as available.'),
          revisionHistoryLimit: integer('How many old revisions are kept.'),
        },
        'What is wanted.',
        ['selector', 'template'],
      ),
      status: object(
        {
          ...Object.fromEntries(counts.map((name) => [name, integer(`How many Nodes: ${name}.`)])),
          observedGeneration: integer('The generation that was acted on.'),
          collisionCount: integer('How often a name was taken.'),
          conditions,
        },
        'What is.',
      ),
    },
    'One Pod on each Node.',
    ['spec'],
  ),
  rules: {
    prepareCreate(draft) {
      draft.status = Object.fromEntries(counts.slice(0, 4).map((name) => [name, 0]))
    },
    setDefaults({ spec }) {
      if (!spec) return
      if (spec.template?.spec) setPodSpecDefaults(spec.template.spec)
      spec.updateStrategy ??= {}
      spec.updateStrategy.type ??= 'RollingUpdate'
      if (spec.updateStrategy.type === 'RollingUpdate') {
        spec.updateStrategy.rollingUpdate = {
          maxSurge: 0,
          maxUnavailable: 1,
          ...spec.updateStrategy.rollingUpdate,
        }
      }
      spec.revisionHistoryLimit ??= 10
    },
    validate: ({ spec }) => podSpecCauses('spec.template.spec', spec?.template?.spec),
    validateUpdate(object, before) {
      const [now, then] = [at(object, ['spec', 'selector']), at(before, ['spec', 'selector'])]
      return equal(now, then) ? [] : [cause.invalid('spec.selector', now, 'field is immutable')]
    },
  },
})
