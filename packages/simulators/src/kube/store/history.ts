import type { KubeObject, WatchEvent } from '@pod-eip/kube'
import { expired } from './api-error.ts'
import type { Selector } from './selectors.ts'

/** One change, as the history keeps it. */
export interface Change {
  revision: number
  /** Key of the resource's table. */
  table: string
  /** Before and after: null is absence. */
  before: KubeObject | null
  after: KubeObject | null
  /** For a removal: the last state, under the removal's own resourceVersion. */
  removed?: KubeObject
}

export interface HistoryWatch {
  table: string
  /** Everything after this revision is delivered. */
  after: number
  selects: Selector
  onEvent(event: WatchEvent): void
}

export interface History {
  record(change: Change): void
  /** @throws ApiError 410 when changes after `after` have been forgotten */
  watch(watch: HistoryWatch): () => void
  /** Drops the changes up to and including this revision. */
  forget(revision: number): void
  /** What has changed after a revision, in order. @throws ApiError 410 when some of it is forgotten */
  changesAfter(revision: number): Change[]
}

/**
 * The latest changes of all resources in order, and those who watch them. Delivery is synchronous and in
 * order; a change made inside a handler is delivered after the one in hand, to everybody.
 *
 * @param limit how many changes are kept for watchers that come later
 * @param start the revision before the first change
 */
export function createHistory(limit: number, start: number): History {
  const changes: Change[] = []
  const watches = new Set<HistoryWatch>()
  let forgotten = start
  const pending: Change[] = []
  let delivering = false

  function deliver() {
    if (delivering) return
    delivering = true
    try {
      for (let change = pending.shift(); change; change = pending.shift()) {
        for (const watch of [...watches]) if (watches.has(watch)) tell(watch, change)
      }
    } finally {
      delivering = false
    }
  }

  return {
    record(change) {
      changes.push(change)
      // In slabs, so that the array is not moved at every change.
      if (changes.length > limit * 1.25) {
        const dropped = changes.splice(0, changes.length - limit)
        forgotten = dropped.at(-1)?.revision ?? forgotten
      }
      pending.push(change)
      deliver()
    },
    watch(asked) {
      if (asked.after < forgotten) throw expired(String(asked.after), String(forgotten + 1))
      const watch = { ...asked }
      watches.add(watch)
      const firstPending = pending[0]?.revision ?? Number.POSITIVE_INFINITY
      const nested = delivering
      delivering = true
      try {
        for (const change of changes.filter(({ revision }) => revision < firstPending)) tell(watch, change)
      } finally {
        delivering = nested
      }
      deliver()
      return () => watches.delete(watch)
    },
    forget(revision) {
      const keep = changes.filter((change) => change.revision > revision)
      changes.splice(0, changes.length, ...keep)
      forgotten = Math.max(forgotten, revision)
    },
    changesAfter(revision) {
      if (revision < forgotten) throw expired(String(revision), String(forgotten + 1))
      return changes.filter((change) => change.revision > revision)
    },
  }
}

/** Tells a watch about a change: seen through its selector, objects appear and vanish as they change. */
function tell(watch: HistoryWatch, change: Change): void {
  if (change.table !== watch.table || change.revision <= watch.after) return
  const { before, after, removed } = change
  const was = before !== null && watch.selects(before)
  const is = after !== null && watch.selects(after)
  if (is) watch.onEvent({ type: was ? 'MODIFIED' : 'ADDED', object: after })
  // What leaves the selection is told in its last selected state, under the version in which it left.
  else if (was) watch.onEvent({ type: 'DELETED', object: removed ?? leaving(before, after) })
}

function leaving(before: KubeObject, after: KubeObject | null): KubeObject {
  const resourceVersion = after?.metadata.resourceVersion ?? ''
  return { ...before, metadata: { ...before.metadata, resourceVersion } }
}
