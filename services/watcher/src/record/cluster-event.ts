import type { ClusterEvents, NewDomainEvent } from '@pod-eip/domain'
import type { NewEvent } from '@pod-eip/event-log'
import { toNewEvent } from '@pod-eip/read-models'

export type ClusterEventType = Exclude<keyof ClusterEvents, 'ClusterIdentified'>
/** A fact seen in the cluster, about to be appended. */
export type ClusterEvent<T extends ClusterEventType = ClusterEventType> = NewDomainEvent<T>

/**
 * A fact as the log takes it. Its key says what was seen, so that seeing it twice, or by two watchers,
 * records it once.
 * @param occurredAt ISO 8601: when it was seen
 */
export function seenEvent(event: ClusterEvent, occurredAt: string): NewEvent {
  const dedupeKey = dedupeKeyOf(event)
  const correlationId = uidOf(event)
  return toNewEvent(event, {
    dedupeKey,
    occurredAt,
    actor: 'watcher',
    correlationId,
    causationPosition: null,
  })
}

function dedupeKeyOf({ type, data }: ClusterEvent): string {
  switch (type) {
    case 'PodObserved':
      return `pod-observed/${data.podUid}/${data.resourceVersion}`
    case 'PodEnded':
      // What was only missed may turn out alive, and be missed again, and end.
      return data.listVersion === undefined
        ? `pod-ended/${data.podUid}`
        : `pod-missed/${data.podUid}/${data.listVersion}`
    case 'PodFoundAgain':
      return `pod-found-again/${data.podUid}/${data.missedVersion}`
    case 'NodeObserved':
      return `node-observed/${data.nodeUid}/${data.resourceVersion}`
    case 'NodeRemoved':
      return `node-removed/${data.nodeUid}`
    case 'OwnerChanged':
      return `owner-changed/${data.claim}/${data.podUid}/${data.formerUid ?? ''}/${data.owner.uid}`
    case 'OwnerEnded':
      return `owner-ended/${data.owner.uid}`
    case 'EipClaimDeletionRequested':
      return `eipc-deletion/${data.objectUid}`
  }
}

/** Everything that follows from one Pod, Node, owner or deletion hangs together by the object's uid. */
function uidOf({ type, data }: ClusterEvent): string {
  switch (type) {
    case 'PodObserved':
    case 'PodFoundAgain':
    case 'PodEnded':
    case 'OwnerChanged':
      return data.podUid
    case 'NodeObserved':
    case 'NodeRemoved':
      return data.nodeUid
    case 'OwnerEnded':
      return data.owner.uid
    case 'EipClaimDeletionRequested':
      return data.objectUid
  }
}
