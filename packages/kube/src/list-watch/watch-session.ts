import type { Clock, Random } from '@pod-eip/runtime'
import { type Cluster, KubeError, type KubeObject, type Resource, type WatchEvent } from '../cluster.ts'
import { type BatchQueue, createBatchQueue } from './batch-queue.ts'

/** One change, its object projected as soon as it was read. */
export interface ListWatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: T
}

/** What one watch, from its start to its end, came to. */
export interface WatchOutcome {
  /** Events and bookmarks received. */
  frames: number
  lastedMs: number
  /** Why it ended; absent when the server ended it in the ordinary way, or the signal aborted. */
  error?: unknown
}

export interface WatchSessionOptions<T> {
  cluster: Pick<Cluster, 'list' | 'watch'>
  resource: Resource
  scope: { namespace?: string; labelSelector?: string; fieldSelector?: string }
  resourceVersion: string
  clock: Clock
  random: Random
  signal: AbortSignal
  project: (object: KubeObject) => T
  onFrame: () => void
  onBatch: (events: ListWatchEvent<T>[], resourceVersion: string) => Promise<void>
}

/** Events that may wait for the handler. Past it reading pauses, which is when an API server cuts a watch. */
const queueCapacity = 20_000

const batchSize = 500

/** The server is asked to end each watch after this long, at random, so that a fleet does not reconnect at once. */
const watchSeconds = { least: 240, most: 480 }

/**
 * Bookmarks come about once a minute: a watch that brings nothing for this long is taken for dead. On a
 * server without bookmarks this costs one cheap reconnection per period.
 */
const stallMs = 150_000

type Frame<T> = { event?: ListWatchEvent<T>; resourceVersion: string }

/**
 * Runs one watch: a reader that takes events off the network as they come, and a handler that gets them in
 * batches, so that slow appends do not make the server cut the watch. Resolves once the watch has ended and
 * everything read from it is handled (or dropped, on abort); rejects only with what `onBatch` threw.
 */
export async function runWatchSession<T>(options: WatchSessionOptions<T>): Promise<WatchOutcome> {
  const { clock, signal } = options
  const session = new AbortController()
  const queue = createBatchQueue<Frame<T>>(queueCapacity)
  const abort = () => {
    session.abort()
    queue.close(true)
  }
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  const startedAt = clock.now()
  const progress: Progress = { frames: 0, lastFrameAt: startedAt, paused: false, stalled: false }
  const guarding = guardAgainstStall(clock, session, progress)
  const reading = read(options, session.signal, queue, progress).then(
    () => undefined,
    (error: unknown) => error ?? new Error('the watch failed'),
  )
  try {
    await handleBatches(queue, options.onBatch)
    const error = (await reading) ?? (progress.stalled ? stallError(options.resource) : undefined)
    const lastedMs = clock.now() - startedAt
    return { frames: progress.frames, lastedMs, ...(error === undefined ? {} : { error }) }
  } finally {
    abort()
    signal.removeEventListener('abort', abort)
    await Promise.all([reading, guarding])
  }
}

interface Progress {
  frames: number
  lastFrameAt: number
  /** Reading waits for the handler: silence is our own doing. */
  paused: boolean
  stalled: boolean
}

async function read<T>(
  { cluster, resource, scope, resourceVersion, clock, random, project, onFrame }: WatchSessionOptions<T>,
  signal: AbortSignal,
  queue: BatchQueue<Frame<T>>,
  progress: Progress,
): Promise<void> {
  const { least, most } = watchSeconds
  const timeoutSeconds = least + Math.floor(random.next() * (most - least + 1))
  try {
    for await (const event of cluster.watch(resource, {
      ...scope,
      resourceVersion,
      timeoutSeconds,
      signal,
    })) {
      if (signal.aborted) return
      progress.frames += 1
      onFrame()
      progress.paused = true
      await queue.push(toFrame(event, project))
      progress.paused = false
      progress.lastFrameAt = clock.now()
    }
  } finally {
    queue.close()
  }
}

async function handleBatches<T>(
  queue: BatchQueue<Frame<T>>,
  onBatch: WatchSessionOptions<T>['onBatch'],
): Promise<void> {
  for (;;) {
    const batch = await queue.take(batchSize)
    const last = batch.at(-1)
    if (last === undefined) return
    const events = batch.flatMap(({ event }) => (event === undefined ? [] : [event]))
    await onBatch(events, last.resourceVersion)
  }
}

/** Aborts the session when nothing has come for too long; ends with the session. */
async function guardAgainstStall(clock: Clock, session: AbortController, progress: Progress): Promise<void> {
  while (!session.signal.aborted) {
    const quietMs = progress.paused ? 0 : clock.now() - progress.lastFrameAt
    if (quietMs >= stallMs) {
      progress.stalled = true
      session.abort()
      return
    }
    await clock.sleep(stallMs - quietMs, session.signal)
  }
}

function toFrame<T>(event: WatchEvent, project: (object: KubeObject) => T): Frame<T> {
  switch (event.type) {
    case 'BOOKMARK':
      return { resourceVersion: event.resourceVersion }
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return {
        event: { type: event.type, object: project(event.object) },
        resourceVersion: event.object.metadata.resourceVersion ?? '',
      }
  }
}

/** Reason of the KubeError of a watch that was open and brought nothing. */
export const stalledReason = 'Stalled'

function stallError({ plural }: Resource): KubeError {
  const seconds = stallMs / 1000
  return new KubeError(
    0,
    stalledReason,
    `the watch of ${plural} brought nothing for ${seconds} s, not even a bookmark`,
  )
}
