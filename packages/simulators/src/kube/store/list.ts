import type { KubeObject, ListPage, WatchEvent } from '@pod-eip/kube'
import { badRequest, expired } from './api-error.ts'
import { rowKey, tableOf } from './core.ts'
import { inVersion, type Operations } from './operations.ts'
import type { ResourceType } from './resource-type.ts'
import { fieldSelector, labelSelector, type Selector } from './selectors.ts'

export interface Selection {
  namespace?: string
  labelSelector?: string
  fieldSelector?: string
}

export interface ListQuery extends Selection {
  /** Page size. */
  limit?: number
  /** From the page before. */
  continue?: string
}

export interface WatchQuery extends Selection {
  /** Changes after this version; from now on when absent. */
  resourceVersion?: string
}

/** A page of a list. Every page shows the state of the first one's version. */
export function listObjects(operations: Operations, type: ResourceType, query: ListQuery): ListPage {
  const { core } = operations
  const selects = selectorOf(type, query)
  const from = query.continue ? readContinue(query.continue) : { revision: core.revision(), after: '' }
  const rest = rowsAt(operations, type, from.revision)
    .filter(selects)
    .filter((object) => from.after === '' || keyOf(object) > from.after)
  const limit = query.limit && query.limit > 0 ? query.limit : rest.length
  const items = rest.slice(0, limit)
  const page = { items: items.map((item) => inVersion(type, item)), resourceVersion: String(from.revision) }
  const last = items.at(-1)
  if (!last || rest.length <= limit) return page
  const token = Buffer.from(JSON.stringify({ ...from, after: keyOf(last) })).toString('base64url')
  return { ...page, continue: token }
}

/** Calls back for each change after a version; returns how to stop. */
export function watchObjects(
  { core }: Operations,
  type: ResourceType,
  query: WatchQuery,
  onEvent: (event: WatchEvent) => void,
): () => void {
  const asked = query.resourceVersion
  if (asked !== undefined && !/^\d+$/.test(asked)) throw badRequest(`invalid resource version: "${asked}"`)
  const after = asked === undefined ? core.revision() : Number(asked)
  if (after > core.revision()) throw expired(asked ?? '', String(core.revision()))
  return core.history.watch({
    table: tableOf(type),
    after,
    selects: selectorOf(type, query),
    onEvent: (event) =>
      onEvent(event.type === 'BOOKMARK' ? event : { ...event, object: inVersion(type, event.object) }),
  })
}

function selectorOf(type: ResourceType, query: Selection): Selector {
  const labels = labelSelector(query.labelSelector)
  const fields = fieldSelector(query.fieldSelector, type.rules.selectableFields ?? [])
  const { namespace } = query
  return (object) =>
    (!namespace || object.metadata.namespace === namespace) && labels(object) && fields(object)
}

/** The objects as they were at a revision, in order: the present with what came after taken back. */
function rowsAt({ core }: Operations, type: ResourceType, revision: number): KubeObject[] {
  if (revision === core.revision()) return core.rows(type)
  const rows = new Map(core.rows(type).map((object) => [keyOf(object), object]))
  for (const change of core.history.changesAfter(revision).toReversed()) {
    if (change.table !== tableOf(type)) continue
    const key = keyOf((change.before ?? change.after)!)
    if (change.before) rows.set(key, change.before)
    else rows.delete(key)
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object)
}

function keyOf({ metadata }: KubeObject): string {
  return rowKey(metadata.namespace, metadata.name)
}

function readContinue(token: string): { revision: number; after: string } {
  try {
    const { revision, after } = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (typeof revision === 'number' && typeof after === 'string') return { revision, after }
  } catch {
    // Told below, like a token of another shape.
  }
  throw badRequest('continue key is not valid: it is not one that this server gave')
}
