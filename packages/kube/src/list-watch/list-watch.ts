import type { Clock, Random } from '@pod-eip/runtime'
import { type Cluster, KubeError, type KubeObject, type Resource } from '../cluster.ts'
import { backOffMs } from './back-off.ts'
import { type CompleteList, listAll } from './list-all.ts'
import { type ListWatchEvent, runWatchSession, stalledReason, type WatchOutcome } from './watch-session.ts'

export interface ListWatchOptions<T> {
  cluster: Pick<Cluster, 'list' | 'watch'>
  resource: Resource
  namespace?: string
  labelSelector?: string
  fieldSelector?: string
  clock: Clock
  random: Random
  /** Ends the reader: the handler that is running finishes, what is queued is dropped. */
  signal: AbortSignal
  /** Resume after this resourceVersion, which was handled; without it, begin with a list. */
  from?: string
  /**
   * What is kept of an object. Runs as soon as the object is read, so that no raw list is ever in memory. Throws a
   * KubeError where the server shows what cannot be such an object: that is tried again like a broken stream.
   */
  project: (object: KubeObject) => T
  /**
   * A complete, fresh list: what is not in it did not exist at its resourceVersion. Comes at the start
   * (without `from`) and whenever the position was lost; the difference to what is believed, deletions
   * included, is the handler's to find.
   */
  onList: (list: CompleteList<T>) => void | Promise<void>
  /**
   * Changes in order, at least once each, with the position up to which everything has been delivered; no
   * events when only the position moved on. Store the position together with what the events led to.
   */
  onEvents: (events: ListWatchEvent<T>[], resourceVersion: string) => void | Promise<void>
  /** Something failed and is tried again after `delayMs`: for logs and metrics. */
  onRetry?: (retry: { error: Error; failures: number; delayMs: number }) => void
}

export interface ListWatch {
  /**
   * Resolves after the signal has aborted; rejects with what a handler threw, or `project` unless it was a KubeError,
   * and with nothing else.
   */
  done: Promise<void>
  status(): ListWatchStatus
}

export interface ListWatchStatus {
  phase: 'listing' | 'watching' | 'backing off' | 'ended'
  /** When the server last showed life: a page, an event, a bookmark, the ordinary end of a watch. */
  lastProgressAt: number
  /** The last position that was handled. */
  resourceVersion: string | undefined
  /** Failures in a row; 0 while all is well. */
  failures: number
  lastError: string | undefined
}

/** A watch that ends sooner than this has failed, whatever it brought: reconnecting at once would spin. */
const shortWatchMs = 1_000

/**
 * After so many watches without an event or a bookmark a list is read: the position may be one that this
 * cluster will not reach for long, because its etcd was restored from a backup.
 */
const silentWatchesBeforeList = 2

/** What a handler or a projection of ours threw: the only thing that ends the reader. */
class HandlerFailure extends Error {}

/**
 * Follows a resource for ever: lists, watches, watches again from where it was, lists again when that is too
 * old. Whatever the server does is retried with back-off; only a failing handler ends it. Time passes by
 * `clock` alone.
 */
export function listWatch<T>(options: ListWatchOptions<T>): ListWatch {
  const { cluster, resource, clock, random, signal, onRetry } = options
  const scope = {
    ...(options.namespace === undefined ? {} : { namespace: options.namespace }),
    ...(options.labelSelector === undefined ? {} : { labelSelector: options.labelSelector }),
    ...(options.fieldSelector === undefined ? {} : { fieldSelector: options.fieldSelector }),
  }
  const status: ListWatchStatus = {
    phase: options.from === undefined ? 'listing' : 'watching',
    lastProgressAt: clock.now(),
    resourceVersion: options.from,
    failures: 0,
    lastError: undefined,
  }
  let silentWatches = 0

  const progressed = () => {
    status.lastProgressAt = clock.now()
  }
  const recovered = () => {
    progressed()
    status.failures = 0
    silentWatches = 0
  }
  const project = (object: KubeObject): T => {
    if (!isNamed(object)) {
      throw new KubeError(0, 'BrokenObject', `the server shows ${resource.plural} without a name`)
    }
    try {
      return options.project(object)
    } catch (error) {
      if (error instanceof KubeError) throw error
      throw new HandlerFailure('', { cause: error })
    }
  }
  const handled = async (handler: () => void | Promise<void>, resourceVersion: string) => {
    try {
      await handler()
    } catch (error) {
      throw new HandlerFailure('', { cause: error })
    }
    status.resourceVersion = resourceVersion
  }

  async function readList(): Promise<void> {
    status.phase = 'listing'
    const list = await orAborted(listAll(cluster, resource, scope, project, progressed), signal)
    if (list !== undefined) await handled(() => options.onList(list), list.resourceVersion)
  }

  async function watchOnce(resourceVersion: string): Promise<void> {
    status.phase = 'watching'
    const outcome = await runWatchSession<T>({
      ...{ cluster, resource, scope, resourceVersion, clock, random, signal, project },
      onFrame: recovered,
      onBatch: (events, position) => handled(() => options.onEvents(events, position), position),
    })
    if (!signal.aborted) judge(outcome)
  }

  /** Throws what the watch failed with; notes what its end says about the position. */
  function judge({ frames, lastedMs, error }: WatchOutcome): void {
    const expired = error instanceof KubeError && error.status === 410
    // One that was refused, or whose connection failed, says nothing about the position.
    const wasOpen = error === undefined || (error instanceof KubeError && error.reason === stalledReason)
    if (wasOpen && frames === 0 && lastedMs >= shortWatchMs) silentWatches += 1
    if (expired || silentWatches >= silentWatchesBeforeList) {
      status.resourceVersion = undefined
      silentWatches = 0
    }
    if (error !== undefined) throw error
    if (lastedMs < shortWatchMs) {
      throw new KubeError(0, 'ShortWatch', `the server ended the watch of ${resource.plural} at once`)
    }
    progressed()
    status.failures = 0
  }

  async function waitBeforeRetry(thrown: unknown): Promise<void> {
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    status.phase = 'backing off'
    status.failures += 1
    status.lastError = error.message
    const delayMs = backOffMs(status.failures, error instanceof KubeError ? error : undefined, random)
    onRetry?.({ error, failures: status.failures, delayMs })
    await clock.sleep(delayMs, signal)
  }

  async function run(): Promise<void> {
    try {
      while (!signal.aborted) {
        try {
          if (status.resourceVersion === undefined) await readList()
          else await watchOnce(status.resourceVersion)
        } catch (error) {
          if (error instanceof HandlerFailure) throw error.cause
          if (!signal.aborted) await waitBeforeRetry(error)
        }
      }
    } finally {
      status.phase = 'ended'
    }
  }

  return { done: run(), status: () => ({ ...status }) }
}

/** Whatever stands between us and an API server can send anything; what has no name is no object. */
function isNamed(object: unknown): boolean {
  const { metadata } = (object ?? {}) as { metadata?: unknown }
  if (typeof metadata !== 'object' || metadata === null) return false
  return 'name' in metadata && typeof metadata.name === 'string' && metadata.name !== ''
}

/** The promise's result, or undefined as soon as `signal` aborts; its late failure is then of no interest. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  const aborted = Promise.withResolvers<undefined>()
  const abort = () => aborted.resolve(undefined)
  signal.addEventListener('abort', abort, { once: true })
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
