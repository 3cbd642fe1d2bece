import type { Clock } from '@pod-eip/runtime'
import { resultForBatch } from '../append-result.ts'
import { StreamMovedError } from '../errors.ts'
import type { JsonObject, NewEvent, RecordedEvent } from '../event.ts'
import {
  type AppendedEvent,
  type AppendOptions,
  type AppendResult,
  type Checkpoint,
  type CheckpointChange,
  defaultStreamLimit,
  type EventLog,
  type ReadQuery,
  type StreamQuery,
} from '../event-log.ts'
import { chainedHash, eventDigest, genesisHash } from '../hash-chain.ts'
import { storableCheckpoint } from '../storable-checkpoint.ts'
import { distinctByKey, type StorableEvent, storableEvent } from '../storable-event.ts'
import { subscribeLoop } from '../subscribe-loop.ts'

/**
 * An event log in memory. Each asynchronous method has a synchronous twin, so that a step which reads, decides
 * and appends can be one atomic step of a simulation.
 */
export interface MemoryEventLog extends EventLog {
  appendNow(events: NewEvent[], options?: AppendOptions): AppendResult
  readNow(query: ReadQuery): RecordedEvent[]
  readStreamNow(stream: string, query?: StreamQuery): RecordedEvent[]
  headNow(): number
  loadCheckpointNow(name: string): Checkpoint
  saveCheckpointNow(name: string, position: number, state?: JsonObject): void
  /** What is in it now, as a backup has it; what is returned brings the log back to that, again and again. */
  backUp(): () => void
}

export interface MemoryEventLogOptions {
  clock: Clock
}

/** An empty log in memory, with the same meaning as the one in Postgres. */
export function createMemoryEventLog(options: MemoryEventLogOptions): MemoryEventLog {
  const { clock } = options
  const events: RecordedEvent[] = []
  const streams = new Map<string, RecordedEvent[]>()
  const byKey = new Map<string, RecordedEvent>()
  const checkpoints = new Map<string, Checkpoint>()
  const wakers = new Set<() => void>()

  function record(event: StorableEvent): RecordedEvent {
    const { expectedVersion: _, dedupeKey, ...rest } = event
    const place = {
      position: events.length + 1,
      version: (streams.get(event.stream)?.length ?? 0) + 1,
      recordedAt: new Date(clock.now()).toISOString(),
    }
    const hash = chainedHash(events.at(-1)?.hash ?? genesisHash, eventDigest(event), place)
    const recorded = { ...rest, ...(dedupeKey === null ? {} : { dedupeKey }), ...place, hash }
    keep(recorded)
    return recorded
  }

  function keep(event: RecordedEvent): void {
    events.push(event)
    const stream = streams.get(event.stream) ?? []
    stream.push(event)
    streams.set(event.stream, stream)
    if (event.dedupeKey !== undefined) byKey.set(event.dedupeKey, event)
  }

  function appendNow(batch: NewEvent[], appendOptions: AppendOptions = {}): AppendResult {
    const { distinct, places } = distinctByKey(batch.map(storableEvent))
    const change = appendOptions.checkpoint && storableCheckpoint(appendOptions.checkpoint)
    assertVersions(distinct)
    const results = distinct.map((event): AppendedEvent => {
      const known = event.dedupeKey === null ? undefined : byKey.get(event.dedupeKey)
      const { position, version } = known ?? record(event)
      return { position, version, isNew: known === undefined }
    })
    if (change) changeCheckpoint(change)
    if (results.some((r) => r.isNew)) for (const wake of [...wakers]) wake()
    return resultForBatch(results, places)
  }

  /** Before anything is written: each stream is where its event expects it, counting the batch's own. */
  function assertVersions(batch: StorableEvent[]): void {
    const versions = new Map<string, number>()
    for (const event of batch) {
      if (event.dedupeKey !== null && byKey.has(event.dedupeKey)) continue
      const actual = versions.get(event.stream) ?? streams.get(event.stream)?.length ?? 0
      if (event.expectedVersion !== null && event.expectedVersion !== actual) {
        throw new StreamMovedError(event.stream, event.expectedVersion, actual)
      }
      versions.set(event.stream, actual + 1)
    }
  }

  function changeCheckpoint({ name, position, state }: CheckpointChange): void {
    const saved = checkpoints.get(name) ?? { position: 0 }
    checkpoints.set(name, {
      ...saved,
      ...(position === undefined ? {} : { position }),
      ...(state === undefined ? {} : { state }),
    })
  }

  function readNow(query: ReadQuery): RecordedEvent[] {
    const { after, limit, streams: ofStreams, types, correlationId } = query
    const found: RecordedEvent[] = []
    for (let i = Math.max(0, after); i < events.length && found.length < limit; i += 1) {
      const event = events[i]!
      if (ofStreams && !ofStreams.includes(event.stream)) continue
      if (types && !types.includes(event.type)) continue
      if (correlationId !== undefined && event.correlationId !== correlationId) continue
      found.push(given(event))
    }
    return found
  }

  function readStreamNow(stream: string, query: StreamQuery = {}): RecordedEvent[] {
    const { after, limit = defaultStreamLimit, backwards = false } = query
    const all = streams.get(stream) ?? []
    const found = backwards
      ? all.slice(0, after === undefined ? undefined : Math.max(0, after - 1)).reverse()
      : all.slice(Math.max(0, after ?? 0))
    return found.slice(0, limit).map(given)
  }

  /** Readers get copies of their own, as from a database. */
  function given(event: RecordedEvent): RecordedEvent {
    return { ...event, data: structuredClone(event.data) }
  }

  function watch() {
    let wake = () => {}
    const woken = new Promise<void>((resolve) => {
      wake = resolve
    })
    wakers.add(wake)
    return {
      changed: (signal: AbortSignal) => {
        if (signal.aborted) wake()
        signal.addEventListener('abort', wake, { once: true })
        return woken.finally(() => signal.removeEventListener('abort', wake))
      },
      dispose: () => void wakers.delete(wake),
    }
  }

  function backUp(): () => void {
    const backedUp = [...events]
    const positions = structuredClone(checkpoints)
    return () => {
      events.length = 0
      for (const index of [streams, byKey, checkpoints]) index.clear()
      for (const event of backedUp) keep(event)
      for (const [name, checkpoint] of positions) checkpoints.set(name, structuredClone(checkpoint))
    }
  }

  const loadCheckpointNow = (name: string) => structuredClone(checkpoints.get(name) ?? { position: 0 })
  const saveCheckpointNow = (name: string, position: number, state?: JsonObject) =>
    changeCheckpoint(storableCheckpoint({ name, position, ...(state === undefined ? {} : { state }) }))

  return {
    appendNow,
    readNow,
    readStreamNow,
    headNow: () => events.length,
    loadCheckpointNow,
    saveCheckpointNow,
    backUp,
    append: async (batch, appendOptions) => appendNow(batch, appendOptions),
    read: async (query) => readNow(query),
    readStream: async (stream, query) => readStreamNow(stream, query),
    head: async () => events.length,
    subscribe: (subscription) =>
      subscribeLoop(
        {
          read: async (query) => readNow(query),
          watch,
          recover: async (error) => {
            throw error
          },
        },
        subscription,
      ),
    async waitForMore(position, signal) {
      if (events.length > position) return
      const growth = watch()
      await growth.changed(signal)
      growth.dispose()
    },
    checkpoints: {
      load: async (name) => loadCheckpointNow(name),
      save: async (name, position, state) => saveCheckpointNow(name, position, state),
    },
  }
}
