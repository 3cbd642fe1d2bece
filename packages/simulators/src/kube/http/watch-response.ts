import type { KubeObject, WatchEvent } from '@pod-eip/kube'
import type { KubeStore } from '../store/kube-store.ts'
import type { Selection } from '../store/list.ts'
import type { ResourceType } from '../store/resource-type.ts'
import type { Exchange } from './exchange.ts'
import { failure } from './status.ts'

export interface WatchRequest {
  type: ResourceType
  selection: Selection
  /** '' and '0' stand for the present. */
  resourceVersion: string
  /** What is there first, and behind it the bookmark that says so, where there are bookmarks. */
  sendInitialEvents: boolean
  bookmarks: boolean
  timeoutSeconds: number
  /** In the form that was asked for. */
  show(object: KubeObject): object
  delayMs(): number
  /** Throws when this watch is to fail. */
  admit(): void
}

const bookmarkEveryMs = 60_000

/** Streams changes as lines of JSON until the time is over, the client leaves, or `end` is called. */
export function streamWatch(store: KubeStore, { response }: Exchange, asked: WatchRequest): { end(): void } {
  const { type, selection, show } = asked
  const isPresent = asked.resourceVersion === '' || asked.resourceVersion === '0'
  const line = (event: object) => `${JSON.stringify(event)}\n`
  let waiting = 0
  let lastDue = 0
  const write = (event: object) => {
    const delay = asked.delayMs()
    // Once one was late, all behind it are: their order never changes.
    if (delay === 0 && waiting === 0) {
      response.write(line(event))
      return
    }
    waiting += 1
    const due = Math.max(performance.now() + delay, lastDue)
    lastDue = due
    setTimeout(() => {
      waiting -= 1
      if (!response.writableEnded) response.write(line(event))
    }, due - performance.now())
  }
  const bookmark = (annotations?: Record<string, string>) =>
    write({
      type: 'BOOKMARK',
      object: {
        kind: type.kind,
        apiVersion: type.group === '' ? type.version : `${type.group}/${type.version}`,
        metadata: {
          resourceVersion: store.resourceVersion(),
          ...(annotations ? { annotations } : {}),
        },
      },
    })
  const tell = (event: WatchEvent) => {
    if (event.type !== 'BOOKMARK') write({ type: event.type, object: show(event.object) })
  }

  response.writeHead(200, { 'content-type': 'application/json', 'transfer-encoding': 'chunked' })
  response.flushHeaders()
  let stop = () => {}
  let from = asked.resourceVersion
  const timers: NodeJS.Timeout[] = []
  const end = () => {
    stop()
    for (const timer of timers) clearTimeout(timer)
    response.end()
  }
  try {
    asked.admit()
    if (asked.sendInitialEvents) {
      const { items } = store.list(type, { ...selection, resourceVersion: asked.resourceVersion })
      for (const object of items) write({ type: 'ADDED', object: show(object) })
      if (asked.bookmarks) bookmark({ 'k8s.io/initial-events-end': 'true' })
    }
    from = asked.sendInitialEvents || isPresent ? store.resourceVersion() : asked.resourceVersion
    stop = store.watch(type, { ...selection, resourceVersion: from }, tell)
  } catch (error) {
    response.write(line({ type: 'ERROR', object: failure(error) }))
    response.end()
    return { end }
  }
  const bookmarkOfNews = () => {
    if (Number(store.resourceVersion()) > Number(from)) bookmark()
  }
  if (asked.bookmarks) timers.push(setInterval(bookmarkOfNews, bookmarkEveryMs))
  timers.push(
    setTimeout(() => {
      if (asked.bookmarks) bookmarkOfNews()
      end()
    }, asked.timeoutSeconds * 1000),
  )
  response.on('close', end)
  return { end }
}
