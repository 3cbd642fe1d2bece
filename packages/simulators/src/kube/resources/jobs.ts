import type { KubeObject } from '@pod-eip/kube'
import { type Cause, cause } from '../store/api-error.ts'
import { at, equal } from '../store/json.ts'
import { jobColumns } from './columns/workload-columns.ts'
import { define } from './define.ts'
import { setPodSpecDefaults } from './pods/pod-defaults.ts'
import { podSpecCauses } from './pods/pod-rules.ts'
import { labelSelector, podTemplate } from './pods/pod-spec.ts'
import { anything, choice, conditions, flag, integer, object, text, time } from './schema/build.ts'

/** The labels by which a Job knows its Pods: its own uid, under the present name and the former one. */
const uidLabels = ['batch.kubernetes.io/controller-uid', 'controller-uid']
const nameLabels = ['batch.kubernetes.io/job-name', 'job-name']

export const jobs = define({
  group: 'batch',
  version: 'v1',
  plural: 'jobs',
  kind: 'Job',
  categories: ['all'],
  namespaced: true,
  status: true,
  generation: true,
  columns: jobColumns,
  schema: object(
    {
      spec: object(
        {
          parallelism: { ...integer('How many Pods at a time.'), minimum: 0 },
          completions: { ...integer('How many Pods must succeed.'), minimum: 0 },
          backoffLimit: { ...integer('How many Pods may fail.'), minimum: 0 },
          activeDeadlineSeconds: integer('How long it may take.'),
          ttlSecondsAfterFinished: integer('How long it is kept once it is over.'),
          completionMode: choice(['NonIndexed', 'Indexed'], 'Whether its Pods are numbered.'),
          podReplacementPolicy: text('When a Pod that fails is replaced.'),
          podFailurePolicy: anything('What failures mean.'),
          manualSelector: flag('Whether the selector is the user’s own.'),
          suspend: flag('Whether it waits.'),
          selector: { ...labelSelector, description: 'Which Pods are its own.' },
          template: podTemplate,
        },
        'What is wanted.',
        ['template'],
      ),
      status: object(
        {
          active: integer('How many Pods have not ended.'),
          ready: integer('How many Pods are ready.'),
          terminating: integer('How many Pods are being deleted.'),
          succeeded: integer('How many Pods have succeeded.'),
          failed: integer('How many Pods have failed.'),
          startTime: time('When it began.'),
          completionTime: time('When it was done.'),
          uncountedTerminatedPods: anything('Pods that are not counted yet.'),
          conditions,
        },
        'What is.',
      ),
    },
    'Pods that run to their end.',
    ['spec'],
  ),
  rules: {
    prepareCreate(draft) {
      draft.status = {}
      if (!draft.spec || draft.spec.manualSelector) return
      const { uid = '', name } = draft.metadata
      draft.spec.selector = { matchLabels: { [uidLabels[0]!]: uid } }
      const own = [...uidLabels.map((label) => [label, uid]), ...nameLabels.map((label) => [label, name])]
      draft.spec.template.metadata = {
        ...draft.spec.template?.metadata,
        labels: { ...draft.spec.template?.metadata?.labels, ...Object.fromEntries(own) },
      }
    },
    setDefaults({ spec }) {
      if (!spec) return
      if (spec.template?.spec) setPodSpecDefaults(spec.template.spec)
      spec.parallelism ??= 1
      spec.completions ??= 1
      spec.backoffLimit ??= 6
      spec.completionMode ??= 'NonIndexed'
      spec.suspend ??= false
    },
    validate: jobCauses,
    validateUpdate(object, before) {
      const template = (job: KubeObject) => at(job, ['spec', 'template'])
      return equal(template(object), template(before))
        ? []
        : [cause.invalid('spec.template', template(object), 'field is immutable')]
    },
  },
})

function jobCauses({ spec }: KubeObject): Cause[] {
  const pod = spec?.template?.spec
  const policy = pod?.restartPolicy
  const field = 'spec.template.spec.restartPolicy'
  // Where nobody asked for one, the Pod's default stands.
  const wrong =
    policy === 'Never' || policy === 'OnFailure'
      ? []
      : [cause.notSupported(field, policy, ['OnFailure', 'Never'])]
  return [...podSpecCauses('spec.template.spec', pod), ...wrong]
}
