import type { OwnerEnd } from '../events/cluster-events.ts'
import type { DomainEvent } from '../events/event.ts'

/** A workload that has ended: a StatefulSet, Deployment, Job or anything else that owned claims' Pods. Plain JSON. */
export interface Owner {
  uid: string
  apiVersion: string
  kind: string
  /** `null` for an object of the whole cluster. */
  namespace: string | null
  name: string
  end: OwnerEnd
  /** ISO 8601. */
  endedAt: string
  /** Position of the event that told its end. */
  position: number
}

/** The record of an owner's end; the first word counts. */
export function evolveOwner(before: Owner | undefined, event: DomainEvent): Owner | undefined {
  if (before || event.type !== 'OwnerEnded') return before
  const { owner, namespace, reason } = event.data
  return {
    uid: owner.uid,
    apiVersion: owner.apiVersion,
    kind: owner.kind,
    namespace,
    name: owner.name,
    end: reason,
    endedAt: event.occurredAt,
    position: event.position,
  }
}
