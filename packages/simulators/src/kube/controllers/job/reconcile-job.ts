import type { Random } from '@pod-eip/runtime'
import { type Action, type Plan, plan } from '../shared/actions.ts'
import { createPod } from '../shared/create-pod.ts'
import { nameSuffix, sameJson } from '../shared/json.ts'
import type { Job, JobStatus, Pod } from '../shared/objects.ts'
import { condition, isReady, isTerminal, isTerminating, withCondition } from '../shared/pod-state.ts'
import { jobs, pods as podResource } from '../shared/resources.ts'
import { timestamp } from '../shared/time.ts'

/** What a Job needs next: Pods, until enough have succeeded or too many failed. Those that ended are kept with it. */
export function reconcileJob(job: Job, pods: Pod[], now: number, random: Random): Plan {
  const { parallelism = 1, completions = 1, backoffLimit = 6, suspend } = job.spec
  const active = pods.filter((pod) => !isTerminal(pod) && !isTerminating(pod))
  const succeeded = pods.filter((pod) => pod.status?.phase === 'Succeeded').length
  const failed = pods.filter((pod) => pod.status?.phase === 'Failed').length
  const before = job.status?.conditions
  const wasOver = ['Complete', 'Failed'].find((type) => condition(before, type)?.status === 'True')
  const over = wasOver ?? (failed > backoffLimit ? 'Failed' : succeeded >= completions ? 'Complete' : null)
  const actions: Action[] = []
  if (over && !wasOver) {
    for (const pod of active) actions.push({ do: 'delete', resource: podResource, object: pod })
  }
  if (!over && !suspend && !isTerminating(job)) {
    const missing = Math.min(parallelism, completions - succeeded) - active.length
    for (let count = 0; count < missing; count++) {
      const name = `${job.metadata.name}-${nameSuffix(random)}`
      actions.push(...createPod(job, { kind: 'Job', apiVersion: 'batch/v1' }, name))
    }
  }
  const at = timestamp(now)
  const status: JobStatus = {
    ...(job.status?.startTime || !suspend ? { startTime: job.status?.startTime ?? at } : {}),
    ...(over === 'Complete' && { completionTime: job.status?.completionTime ?? at }),
    ...(active.length > 0 && { active: active.length }),
    ready: active.filter(isReady).length,
    terminating: pods.filter((pod) => isTerminating(pod) && !isTerminal(pod)).length,
    ...(succeeded > 0 && { succeeded }),
    ...(failed > 0 && { failed }),
    ...(over && { conditions: withCondition(before, { type: over, status: 'True' }, at) }),
  }
  if (!sameJson(status, job.status)) {
    actions.push({ do: 'updateStatus', resource: jobs, object: { ...job, status } as Job })
  }
  return plan(actions)
}
