import type { Selection } from '../store/list.ts'
import type { ResourceType } from '../store/resource-type.ts'
import type { ApiContext } from './api-context.ts'
import type { Exchange } from './exchange.ts'
import { wantsInitialEvents } from './list-options.ts'
import { negotiate } from './negotiate.ts'
import { flagOf, integerOf } from './query-values.ts'
import { includeOf, inForm } from './show.ts'
import { streamWatch } from './watch-response.ts'

/** Streams the changes of a collection. @throws ApiError 422 for options that do not go together */
export function watchCollection(
  context: ApiContext,
  exchange: Exchange,
  type: ResourceType,
  selection: Selection,
): void {
  const { store, faults, watches } = context
  // Watches that say no time end after half an hour to an hour, as an API server's do.
  const timeoutSeconds = integerOf(exchange.url, 'timeoutSeconds') || 1800
  const resourceVersion = exchange.url.searchParams.get('resourceVersion') ?? ''
  const form = negotiate(exchange.request.headers.accept)
  const include = includeOf(exchange)
  let hasColumns = false
  const columnsOnce = (shown: object) => {
    if (form !== 'table') return shown
    const without = hasColumns ? { columnDefinitions: null } : {}
    hasColumns = true
    return { ...shown, ...without }
  }
  const watch = streamWatch(store, exchange, {
    type,
    selection,
    resourceVersion,
    sendInitialEvents: wantsInitialEvents(exchange.url),
    bookmarks: flagOf(exchange.url, 'allowWatchBookmarks') ?? false,
    timeoutSeconds,
    show: (object) => columnsOnce(inForm(form, include, type, object, store.now())),
    delayMs: faults.watchDelayMs,
    admit: () => faults.beforeWatch(resourceVersion),
  })
  watches.add(watch)
  exchange.response.on('close', () => watches.delete(watch))
}
