import type { EventLog } from '@pod-eip/event-log'
import { pods } from '@pod-eip/kube'
import type { ReadModels } from '@pod-eip/read-models'
import type { Clock } from '@pod-eip/runtime'
import type { OwnersSeen } from '../owners/owners-seen.ts'
import { projectPod, type SeenPod } from '../project/project-pod.ts'
import type { ClusterEvent } from '../record/cluster-event.ts'
import { believeClaim, foldPodEvent, type PodBelief } from '../record/pod-belief.ts'
import { recordPodChange, recordPodList } from '../record/record-pods.ts'
import { isOlder } from '../record/resource-version.ts'
import { inPages } from './in-pages.ts'
import { loadBelief } from './load-belief.ts'
import type { Recorder } from './recorder.ts'

/**
 * A list that lacked a Pod may have been wrong, as from an API server whose etcd was restored. Only one that is read
 * so long after it, in ms, and still lacks it, is believed for good.
 */
const doubtMs = 10 * 60_000

/** Records the Pods that ask for an EIP under `domain`, and their end. */
export function createPodRecorder(deps: {
  log: Pick<EventLog, 'read'>
  readModels: Pick<ReadModels, 'position' | 'claims'>
  domain: string
  owners: OwnersSeen
  clock: Pick<Clock, 'now'>
}): Recorder<SeenPod> {
  const { log, readModels, domain, owners, clock } = deps
  let belief: PodBelief = new Map()
  let held = false
  let doubtedUntil = 0

  /** Whether something may be recorded about it that names its owner. */
  function mayBeRecorded(seen: SeenPod): boolean {
    const known = belief.get(seen.claim)
    if (known?.uid !== seen.uid) return seen.request !== null
    return !known.owner || isOlder(known.resourceVersion, seen.resourceVersion)
  }

  function noteMissed(facts: ClusterEvent[], at: number): void {
    const lacked = facts.some(({ type, data }) => type === 'PodEnded' && data.reason === 'Missed')
    if (lacked) doubtedUntil = Math.max(doubtedUntil, at + doubtMs)
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
        async read() {
          const read: PodBelief = new Map()
          held = false
          for await (const claim of inPages((page) => readModels.claims({ live: true }, page))) {
            believeClaim(read, claim)
            const { hold, pod } = claim
            if (hold?.guard === 'absence' && !hold.confirmed) held = true
            if (pod?.ended?.reason === 'Missed') {
              doubtedUntil = Math.max(doubtedUntil, Date.parse(pod.ended.at) + doubtMs)
            }
          }
          return read
        },
        types: ['PodObserved', 'PodEnded', 'PodFoundAgain', 'OwnerChanged'],
        fold: (known, event) => {
          noteMissed([event], Date.parse(event.occurredAt))
          foldPodEvent(known, event)
        },
      })
    },
    async list(list) {
      const seen = list.items.filter(mayBeRecorded)
      const facts = await owners.recordPods(seen, (ownerOf) => recordPodList(belief, list, ownerOf))
      noteMissed(facts, clock.now())
      return facts
    },
    doubt: () => ({ until: doubtedUntil, held }),
    changes: (changes) =>
      owners.recordPods(changes.map(({ object }) => object).filter(mayBeRecorded), (ownerOf) =>
        changes.flatMap((change) => recordPodChange(belief, change, ownerOf)),
      ),
    known: () => belief.size,
  }
}
