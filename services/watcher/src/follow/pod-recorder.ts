import type { EventLog } from '@pod-eip/event-log'
import { pods } from '@pod-eip/kube'
import type { ReadModels } from '@pod-eip/read-models'
import { projectPod, type SeenPod } from '../project/project-pod.ts'
import { foldPodEvent, type PodBelief, podBeliefOf } from '../record/pod-belief.ts'
import { recordPodChange, recordPodList } from '../record/record-pods.ts'
import { loadBelief } from './load-belief.ts'
import type { Recorder } from './recorder.ts'

/** Records the Pods that ask for an EIP under `domain`, and their end. */
export function createPodRecorder(deps: {
  log: Pick<EventLog, 'read'>
  readModels: Pick<ReadModels, 'position' | 'claims'>
  domain: string
}): Recorder<SeenPod> {
  const { log, readModels, domain } = deps
  let belief: PodBelief = new Map()
  return {
    resource: pods,
    // To be raised when projectPod looks for more.
    view: `2 ${domain}`,
    project: (object) => projectPod(object, domain),
    async load() {
      belief = await loadBelief({
        ...{ log, readModels },
        read: async () => podBeliefOf(await readModels.claims({ live: true })),
        types: ['PodObserved', 'PodEnded', 'PodFoundAgain'],
        fold: foldPodEvent,
      })
    },
    list: (list) => recordPodList(belief, list),
    restsOnAbsence: (facts) =>
      facts.some(({ type, data }) => type === 'PodEnded' && data.reason === 'Missed'),
    changes: (changes) => changes.flatMap((change) => recordPodChange(belief, change)),
    known: () => belief.size,
  }
}
