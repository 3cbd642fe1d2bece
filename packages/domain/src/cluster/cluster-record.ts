import type { DomainEvent } from '../events/event.ts'

/** What counts for every claim of the cluster. There is one, under {@link clusterKey}. Plain JSON. */
export interface ClusterRecord {
  /** An operator's order to give everything back; `null` when there is none. */
  teardown: Teardown | null
  /** Position of the last event that changed it. */
  position: number
}

export interface Teardown {
  /** Id of the cluster, as its EIPs are tagged. */
  cluster: string
  by: string
  /** ISO 8601. */
  since: string
  /** Position of the order. */
  position: number
}

export const clusterKey = 'cluster'

export const emptyCluster: ClusterRecord = { teardown: null, position: 0 }

/** Folds one event into the record; an order that is given twice is one. */
export function evolveCluster(before: ClusterRecord | undefined, event: DomainEvent): ClusterRecord {
  const known = before ?? emptyCluster
  switch (event.type) {
    case 'TeardownOrdered': {
      if (known.teardown) return known
      const { position, occurredAt: since } = event
      return { ...known, teardown: { ...event.data, since, position }, position }
    }
    case 'TeardownCancelled':
      return known.teardown ? { ...known, teardown: null, position: event.position } : known
    default:
      return known
  }
}
