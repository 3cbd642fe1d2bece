import { type EventData, newEvent, type ObjectRef, sameObject, samePodRequest } from '@pod-eip/domain'
import type { CompleteList, ListWatchEvent } from '@pod-eip/kube'
import type { PodEnd, SeenPod } from '../project/project-pod.ts'
import type { ClusterEvent } from './cluster-event.ts'
import { foldPodEvent, type KnownPod, type PodBelief } from './pod-belief.ts'
import { isOlder } from './resource-version.ts'

/** The workload that a Pod belongs to; `known` is what the log says of the same Pod. `null` when it cannot be told. */
export type OwnerOf = (seen: SeenPod, known: KnownPod | undefined) => ObjectRef | null

/** A Pod's controller is its owner as long as nobody looks further up. */
const controllerItself: OwnerOf = ({ controller }) => controller

/**
 * What a change seen by a watch adds to the log; the belief moves along. A Pod that asks for nothing and that
 * the log does not know adds nothing, and neither does one that was over before it was known.
 */
export function recordPodChange(
  belief: PodBelief,
  { type, object }: Pick<ListWatchEvent<SeenPod>, 'type' | 'object'>,
  ownerOf = controllerItself,
): ClusterEvent[] {
  const end = type === 'DELETED' ? (object.end ?? { reason: 'Deleted' as const }) : object.end
  const { claim, resourceVersion } = object
  return folded(belief, changesOf(belief.get(claim), object, end, resourceVersion, ownerOf))
}

/**
 * What a complete, fresh list adds to the log. A Pod that lives by the log and is not in the list has ended
 * unseen; not so one that was recorded at a later resourceVersion than the list's, which says nothing about it.
 * One that an earlier list lacked and that is there has not ended.
 */
export function recordPodList(
  belief: PodBelief,
  list: CompleteList<SeenPod>,
  ownerOf = controllerItself,
): ClusterEvent[] {
  const events: ClusterEvent[] = []
  const listed = new Set<string>()
  for (const pod of list.items) {
    listed.add(pod.claim)
    const facts = changesOf(belief.get(pod.claim), pod, pod.end, list.resourceVersion, ownerOf)
    events.push(...folded(belief, facts))
  }
  for (const [claim, pod] of [...belief]) {
    if (listed.has(claim) || isOlder(list.resourceVersion, pod.resourceVersion)) continue
    if (pod.missedVersion !== null) continue
    const missed = { reason: 'Missed', listVersion: list.resourceVersion } as const
    events.push(...folded(belief, [newEvent('PodEnded', { claim, podUid: pod.uid, ...missed })]))
  }
  return events
}

/** @param at resourceVersion of the state that shows the Pod */
function changesOf(
  known: KnownPod | undefined,
  seen: SeenPod,
  end: PodEnd | null,
  at: string,
  ownerOf: OwnerOf,
): ClusterEvent[] {
  if (known?.uid === seen.uid) {
    if (end) return [newEvent('PodEnded', { claim: seen.claim, podUid: seen.uid, ...end })]
    if (known.missedVersion !== null) {
      if (isOlder(at, known.missedVersion)) return []
      return [
        newEvent('PodFoundAgain', {
          ...factsOf(seen, ownerOf(seen, known)),
          resourceVersion: at,
          missedVersion: known.missedVersion,
        }),
      ]
    }
    const changed = isOlder(known.resourceVersion, seen.resourceVersion) && !sameFacts(known, seen)
    return changed ? [observed(seen, ownerOf(seen, known))] : ownerFound(known, seen, ownerOf)
  }
  if (known && isOlder(seen.resourceVersion, known.resourceVersion)) return []
  // One name has one Pod: where a later one is seen, the one before has gone.
  const replaced = known
    ? [newEvent('PodEnded', { claim: seen.claim, podUid: known.uid, reason: 'Replaced' })]
    : []
  return end || !seen.request ? replaced : [...replaced, observed(seen, ownerOf(seen, undefined))]
}

/** The owner of a Pod that was recorded without one, because it could not be told or was not looked for. */
function ownerFound(known: KnownPod, seen: SeenPod, ownerOf: OwnerOf): ClusterEvent[] {
  if (known.owner || isOlder(seen.resourceVersion, known.resourceVersion)) return []
  const owner = ownerOf(seen, known)
  if (!owner) return []
  return [newEvent('OwnerChanged', { claim: seen.claim, podUid: seen.uid, formerUid: null, owner })]
}

function observed(seen: SeenPod, owner: ObjectRef | null): ClusterEvent {
  return newEvent('PodObserved', factsOf(seen, owner))
}

function factsOf(seen: SeenPod, owner: ObjectRef | null): EventData['PodObserved'] {
  const { uid: podUid, end: _, ...facts } = seen
  return { ...facts, podUid, owner }
}

function sameFacts(known: KnownPod, seen: SeenPod): boolean {
  return (
    known.hostNetwork === seen.hostNetwork &&
    known.node === seen.node &&
    known.privateIp === seen.privateIp &&
    known.terminating === seen.terminating &&
    known.endsBy === seen.endsBy &&
    sameObject(known.controller, seen.controller) &&
    samePodRequest(known.request, seen.request)
  )
}

function folded(belief: PodBelief, events: ClusterEvent[]): ClusterEvent[] {
  for (const event of events) foldPodEvent(belief, event)
  return events
}
