import type { Clock, Random } from '@pod-eip/runtime'
import type pg from 'pg'
import { resultForBatch } from '../append-result.ts'
import type { JsonObject, NewEvent, RecordedEvent } from '../event.ts'
import type {
  AppendOptions,
  AppendResult,
  Checkpoint,
  CheckpointChange,
  EventLog,
  ReadQuery,
  StreamQuery,
} from '../event-log.ts'
import { storableCheckpoint } from '../storable-checkpoint.ts'
import { distinctByKey, storableEvent } from '../storable-event.ts'
import { subscribeLoop } from '../subscribe-loop.ts'
import { createLogListener } from './log-listener.ts'
import { append } from './operations/append.ts'
import { loadCheckpoint, saveCheckpoint } from './operations/checkpoints.ts'
import { head } from './operations/head.ts'
import { read, readStream } from './operations/read.ts'
import { isTransientPostgresError, typedAppendError } from './postgres-errors.ts'
import { schemaName } from './schema-name.ts'
import type { Queryable } from './transaction.ts'

/**
 * The log in Postgres, with the parts that belong inside a caller's own READ COMMITTED transaction. Such a
 * transaction takes the fence first (`lockHead`) when it also locks other rows, or two of them can deadlock.
 */
export interface PostgresEventLog extends EventLog {
  /** Takes the fence: nobody else appends until the transaction ends. Returns the head. */
  lockHead(client: Queryable): Promise<number>
  /** As `append`; it is recorded when the transaction commits. After an error, roll back. */
  appendWithin(client: Queryable, events: NewEvent[], options?: AppendOptions): Promise<AppendResult>
  /** As `read`, seeing what the transaction itself appended. */
  readWithin(client: Queryable, query: ReadQuery): Promise<RecordedEvent[]>
  /** Loads a checkpoint and keeps others from saving it until the transaction ends. */
  lockCheckpointWithin(client: Queryable, name: string): Promise<Checkpoint>
  saveCheckpointWithin(client: Queryable, change: CheckpointChange): Promise<void>
  /** Ends the listening connection; the pool stays the caller's. Safe to call twice. */
  close(): Promise<void>
}

export interface PostgresEventLogOptions {
  /** See `createPool`; the schema must be migrated. */
  pool: pg.Pool
  schema: string
  clock: Clock
  random: Random
  /** How often to look without having been told, in ms; default 1000. */
  pollMs?: number
}

const defaultPollMs = 1000
/** Longest wait before reading again after errors, in ms. */
const maxRecoverMs = 5000

export function createPostgresEventLog(options: PostgresEventLogOptions): PostgresEventLog {
  const { pool, clock, random, pollMs = defaultPollMs } = options
  const schema = schemaName(options.schema)
  const listener = createLogListener(pool, schema, clock)

  async function appendWithin(
    client: Queryable,
    events: NewEvent[],
    appendOptions: AppendOptions = {},
  ): Promise<AppendResult> {
    const { distinct, places } = distinctByKey(events.map(storableEvent))
    const change = appendOptions.checkpoint && storableCheckpoint(appendOptions.checkpoint)
    if (distinct.length === 0) {
      if (change) await saveCheckpoint(client, schema, change)
      return { events: [], appended: 0 }
    }
    const checkpoint = change && {
      name: change.name,
      position: change.position ?? null,
      state: change.state === undefined ? null : JSON.stringify(change.state),
    }
    const appended = await append(client, schema, distinct, checkpoint).catch((error) => {
      throw typedAppendError(error)
    })
    return resultForBatch(appended, places)
  }

  const readWithin = (client: Queryable, query: ReadQuery): Promise<RecordedEvent[]> =>
    read(client, schema, query)

  async function recover(error: unknown, failures: number, signal: AbortSignal): Promise<void> {
    if (!isTransientPostgresError(error)) throw error
    const ceiling = Math.min(maxRecoverMs, 100 * 2 ** Math.min(failures, 10))
    await clock.sleep(ceiling * (0.5 + random.next() / 2), signal)
  }

  function watch() {
    const grown = new AbortController()
    const stop = listener.onGrowth(() => grown.abort())
    return {
      changed: (signal: AbortSignal) => clock.sleep(pollMs, AbortSignal.any([grown.signal, signal])),
      dispose: stop,
    }
  }

  const save = (client: Queryable, change: CheckpointChange) =>
    saveCheckpoint(client, schema, storableCheckpoint(change))

  return {
    append: (events, appendOptions) => appendWithin(pool, events, appendOptions),
    read: (query) => readWithin(pool, query),
    readStream: (stream: string, query: StreamQuery = {}) => readStream(pool, schema, stream, query),
    head: () => head(pool, schema, false),
    subscribe: (subscription) =>
      subscribeLoop({ read: (query) => readWithin(pool, query), watch, recover }, subscription),
    async waitForMore(position, signal) {
      const growth = watch()
      try {
        const now = await head(pool, schema, false).catch(() => position)
        if (now <= position) await growth.changed(signal)
      } finally {
        growth.dispose()
      }
    },
    checkpoints: {
      load: (name) => loadCheckpoint(pool, schema, name, false),
      save: (name: string, position: number, state?: JsonObject) =>
        save(pool, { name, position, ...(state === undefined ? {} : { state }) }),
    },
    lockHead: (client) => head(client, schema, true),
    appendWithin,
    readWithin,
    lockCheckpointWithin: (client, name) => loadCheckpoint(client, schema, name, true),
    saveCheckpointWithin: save,
    close: () => listener.close(),
  }
}
