import type { EventLog } from '@pod-eip/event-log'
import { pods } from '@pod-eip/kube'
import type { ReadModels } from '@pod-eip/read-models'
import type { OwnersSeen } from '../owners/owners-seen.ts'
import { projectPod, type SeenPod } from '../project/project-pod.ts'
import { foldPodEvent, type PodBelief, podBeliefOf } from '../record/pod-belief.ts'
import { recordPodChange, recordPodList } from '../record/record-pods.ts'
import { isOlder } from '../record/resource-version.ts'
import { loadBelief } from './load-belief.ts'
import type { Recorder } from './recorder.ts'

/** Records the Pods that ask for an EIP under `domain`, and their end. */
export function createPodRecorder(deps: {
  log: Pick<EventLog, 'read'>
  readModels: Pick<ReadModels, 'position' | 'claims'>
  domain: string
  owners: OwnersSeen
}): Recorder<SeenPod> {
  const { log, readModels, domain, owners } = deps
  let belief: PodBelief = new Map()
  let held = false

  /** Whether something may be recorded about it that names its owner. */
  function mayBeRecorded(seen: SeenPod): boolean {
    const known = belief.get(seen.claim)
    if (known?.uid !== seen.uid) return seen.request !== null
    return !known.owner || isOlder(known.resourceVersion, seen.resourceVersion)
  }

  return {
    resource: pods,
    // To be raised when projectPod looks for more.
    view: `2 ${domain}`,
    optional: false,
    project: (object) => projectPod(object, domain),
    async load() {
      belief = await loadBelief({
        ...{ log, readModels },
        read: async () => {
          const claims = await readModels.claims({ live: true })
          held = claims.some(({ hold }) => hold?.guard === 'absence' && !hold.confirmed)
          return podBeliefOf(claims)
        },
        types: ['PodObserved', 'PodEnded', 'PodFoundAgain', 'OwnerChanged'],
        fold: foldPodEvent,
      })
    },
    list: (list) =>
      owners.recordPods(list.items.filter(mayBeRecorded), (ownerOf) => recordPodList(belief, list, ownerOf)),
    isInDoubt: (facts) =>
      held || facts.some(({ type, data }) => type === 'PodEnded' && data.reason === 'Missed'),
    changes: (changes) =>
      owners.recordPods(changes.map(({ object }) => object).filter(mayBeRecorded), (ownerOf) =>
        changes.flatMap((change) => recordPodChange(belief, change, ownerOf)),
      ),
    known: () => belief.size,
  }
}
