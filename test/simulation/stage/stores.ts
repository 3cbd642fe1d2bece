import { createInMemoryRateLimiter } from '@pod-eip/cloud'
import { type ModelKind, modelKinds } from '@pod-eip/domain'
import { createMemoryEventLog, type MemoryEventLog, type RecordedEvent } from '@pod-eip/event-log'
import {
  createMemoryIntentQueue,
  createMemoryIntentRuns,
  createMemoryLogMark,
  createMemoryWorkTurn,
  type IntentRuns,
  type LogMark,
  type MemoryIntentQueue,
  type MemoryIntentQueueOptions,
  type WorkTurn,
} from '@pod-eip/queue'
import {
  createMemoryModels,
  createMemoryProjectionStore,
  type MemoryModels,
  type ProjectionStore,
  projectorCheckpoint,
} from '@pod-eip/read-models'
import type { Clock, Random } from '@pod-eip/runtime'
import type { VirtualClock } from '@pod-eip/simulators/virtual-clock'
import { writtenInOlderSchemas } from '../schemas/older-schemas.ts'
import type { Proved } from './proved.ts'

/** What outlives the processes: Postgres and Redis. */
export interface Stores {
  log: MemoryEventLog
  models: MemoryModels
  store: ProjectionStore
  runs: IntentRuns
  queue: MemoryIntentQueue
  turn: WorkTurn
  mark: LogMark
  limiter: ReturnType<typeof createInMemoryRateLimiter>
  /** Backs the database up. */
  backUp(): Backup
  /** From now on events are written in the schemas of this build; before, where it has others, in older ones. */
  endOlderBuild(): void
  /** Redis loses all that it holds. */
  emptyRedis(): void
  /** The times at which the database went back, in order. */
  restores: readonly Restore[]
  /** Every event that was ever written, also those that a restore has lost; `position` counts them all. */
  written(): RecordedEvent[]
  /** How many those are. */
  writtenSoFar(): number
}

export interface Backup {
  /** Brings log, read models and runs back to it; of backups only the newest one, and once. */
  restore(proved: Proved[]): Restore
}

/** The database went back to an older backup. */
export interface Restore {
  /** When, in ms. */
  at: number
  /** Events that were in the backup. */
  backedUp: number
  /** Those that it lacks, as `written` has them. */
  lost: RecordedEvent[]
  /** How many had ever been written. */
  end: number
  /** What the cluster proves at that moment. */
  proved: Proved[]
  /** The mark in Redis says that the log has come further: it is written a moment after the events. */
  marked: boolean
  /** The read models as they were before. */
  before: MemoryModels['world']
  /** When the log was brought up to date and the services started; `null` until then. */
  recoveredAt: number | null
}

export function createStores(deps: {
  clock: VirtualClock
  /** By which all go. */
  databaseClock: Clock
  random: Random
  fateOf: NonNullable<MemoryIntentQueueOptions['fateOf']>
}): Stores {
  const { clock, databaseClock, random, fateOf } = deps
  let olderBuild = true
  const log = writtenInOlderSchemas(createMemoryEventLog({ clock: databaseClock }), () => olderBuild)
  const models = createMemoryModels(() => log.loadCheckpointNow(projectorCheckpoint).position)
  const runs = createMemoryIntentRuns({ clock: databaseClock, log })
  const queue = createMemoryIntentQueue({ clock, random, reorder: true, fateOf })
  const mark = createMemoryLogMark()
  const restores: Restore[] = []
  const all = (after: number) => log.readNow({ after, limit: Number.MAX_SAFE_INTEGER })
  /** Whatever was lost before it was written comes before it. */
  const numbered = (event: RecordedEvent): RecordedEvent => {
    const before = restores.filter(({ backedUp }) => backedUp < event.position)
    return { ...event, position: before.reduce((sum, { lost }) => sum + lost.length, event.position) }
  }
  const writtenSoFar = () => restores.reduce((sum, { lost }) => sum + lost.length, log.headNow())
  return {
    ...{ writtenSoFar, log, models, runs, queue, mark, restores },
    store: createMemoryProjectionStore(log, models.world),
    turn: doubtful(createMemoryWorkTurn({ clock }), random),
    limiter: createInMemoryRateLimiter(clock),
    endOlderBuild() {
      olderBuild = false
    },
    emptyRedis() {
      queue.empty()
      mark.empty()
    },
    backUp() {
      const backedUp = log.headNow()
      const world = copyOf(models.world)
      const [logBack, runsBack] = [log.backUp(), runs.backUp()]
      return {
        restore(proved) {
          const restore: Restore = {
            ...{ at: clock.now(), backedUp, lost: all(backedUp).map(numbered) },
            marked: (mark.readNow()?.position ?? 0) > backedUp,
            ...{ proved, end: writtenSoFar(), before: copyOf(models.world), recoveredAt: null },
          }
          restores.push(restore)
          logBack()
          runsBack()
          for (const kind of modelKinds) refill(models.world, world, kind)
          return restore
        },
      }
    },
    written: () =>
      [...restores.flatMap(({ lost }) => lost), ...all(0).map(numbered)].sort(
        (a, b) => a.position - b.position,
      ),
  }
}

/** Records are replaced and never changed: what has them need not have copies. */
function copyOf(world: MemoryModels['world']): MemoryModels['world'] {
  return Object.fromEntries(
    modelKinds.map((kind) => [kind, new Map<string, unknown>(world[kind])]),
  ) as unknown as MemoryModels['world']
}

function refill(world: MemoryModels['world'], from: MemoryModels['world'], kind: ModelKind): void {
  world[kind].clear()
  for (const [key, record] of from[kind]) (world[kind] as Map<string, unknown>).set(key, record)
}

/** Now and then somebody believes that the turn is his which another has: often two work at once. */
function doubtful(turn: WorkTurn, random: Random): WorkTurn {
  return { ...turn, hold: async (owner, forMs) => random.next() < 0.3 || turn.hold(owner, forMs) }
}
