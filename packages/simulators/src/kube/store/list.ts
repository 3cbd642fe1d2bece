import type { KubeObject, ListPage, WatchEvent } from '@pod-eip/kube'
import { ApiError, badRequest } from './api-error.ts'
import { rowKey, tableOf } from './core.ts'
import { continueToken, type PageQuery, type PageStart, readContinue, startOf } from './list-pages.ts'
import { inVersion, type Operations } from './operations.ts'
import type { ResourceType } from './resource-type.ts'
import { fieldSelector, labelSelector, type Selector } from './selectors.ts'

export interface Selection {
  namespace?: string
  labelSelector?: string
  fieldSelector?: string
}

export type ListQuery = Selection & PageQuery

export interface StoredPage extends ListPage {
  /** How many items come after this page; not told when something is selected. */
  remainingItemCount?: number
}

export interface WatchQuery extends Selection {
  /** Changes after this version; from now on when absent. */
  resourceVersion?: string
}

/**
 * A page of a list. Every page shows the state of the first one's version.
 *
 * @throws ApiError 410 when that state is forgotten, 504 when a version is yet to come
 */
export function listObjects(operations: Operations, type: ResourceType, query: ListQuery): StoredPage {
  const { core } = operations
  const selects = selectorOf(type, query)
  const from = query.continue
    ? readContinue(query.continue, core.revision())
    : startOf(query, core.revision())
  const rest = rowsOfPage(operations, type, from)
    .filter(selects)
    .filter((object) => from.after === '' || keyOf(object) > from.after)
  const limit = query.limit && query.limit > 0 ? query.limit : rest.length
  const items = rest.slice(0, limit)
  const page = { items: items.map((item) => inVersion(type, item)), resourceVersion: String(from.revision) }
  const last = items.at(-1)
  if (!last || rest.length <= limit) return page
  const isWhole = !query.labelSelector && !query.fieldSelector
  return {
    ...{ ...page, continue: continueToken({ ...from, after: keyOf(last) }) },
    ...(isWhole ? { remainingItemCount: rest.length - limit } : {}),
  }
}

/** Calls back for each change after a version, which may be yet to come; returns how to stop. */
export function watchObjects(
  { core }: Operations,
  type: ResourceType,
  query: WatchQuery,
  onEvent: (event: WatchEvent) => void,
): () => void {
  const asked = query.resourceVersion
  if (asked !== undefined && !/^\d+$/.test(asked)) throw badRequest(`invalid resource version: "${asked}"`)
  const after = asked === undefined ? core.revision() : Number(asked)
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

/** @throws ApiError 410; for a page after the first with a token that goes on in the present */
function rowsOfPage(
  operations: Operations,
  type: ResourceType,
  { revision, after }: PageStart,
): KubeObject[] {
  try {
    return rowsAt(operations, type, revision)
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 410 || after === '') throw error
    const told = new ApiError(
      410,
      'Expired',
      'the continue token is too old for the list that it belongs to: begin a new one, or go on by the token of this answer, which shows the rest as it is now',
    )
    told.continue = continueToken({ revision: 0, after })
    throw told
  }
}
