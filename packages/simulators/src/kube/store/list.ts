import type { KubeObject, ListPage, WatchEvent } from '@pod-eip/kube'
import { ApiError, badRequest, expired, tooLarge } from './api-error.ts'
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
  /** A state that must at least be reached, or the very one. '' and '0' take the present. */
  resourceVersion?: string
  /** When absent: Exact for a list in pages, else NotOlderThan. */
  resourceVersionMatch?: 'Exact' | 'NotOlderThan'
}

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

/** Where a page begins. */
interface PageStart {
  revision: number
  /** Key of the last object of the page before; '' for the first page. */
  after: string
}

function startOf(
  { resourceVersion: asked = '', resourceVersionMatch, limit }: ListQuery,
  now: number,
): PageStart {
  if (!/^\d*$/.test(asked)) throw badRequest(`invalid resource version: "${asked}"`)
  if (Number(asked) > now) throw tooLarge(asked, now)
  const isExact = resourceVersionMatch === 'Exact' || (resourceVersionMatch === undefined && (limit ?? 0) > 0)
  return { revision: isExact && Number(asked) > 0 ? Number(asked) : now, after: '' }
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

function continueToken(start: PageStart): string {
  return Buffer.from(JSON.stringify(start)).toString('base64url')
}

/** @param now what revision 0 stands for */
function readContinue(token: string, now: number): PageStart {
  try {
    const { revision, after } = JSON.parse(Buffer.from(token, 'base64url').toString())
    if (typeof revision === 'number' && typeof after === 'string') return { revision: revision || now, after }
  } catch {
    // Told below, like a token of another shape.
  }
  throw badRequest('continue key is not valid: it is not one that this server gave')
}
