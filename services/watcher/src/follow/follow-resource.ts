import { type Checkpoints, type EventLog, InvalidEventError } from '@pod-eip/event-log'
import { type Cluster, type ListWatch, type ListWatchStatus, listWatch } from '@pod-eip/kube'
import { type ClusterEvent, toNewEvent } from '../record/cluster-event.ts'
import { type Insisting, insist } from './insist.ts'
import { loadPosition, positionState } from './position.ts'
import type { Recorder } from './recorder.ts'

export interface FollowDeps extends Insisting {
  cluster: Cluster
  log: Pick<EventLog, 'append'>
  checkpoints: Pick<Checkpoints, 'load' | 'save'>
}

/** A position that nothing was recorded at is saved at most this often. */
const savePositionEveryMs = 10_000

/** One resource being followed. */
export interface Follower {
  /** Follows until the signal aborts. Rejects only with what cannot be mended by trying again. */
  run(): Promise<void>
  status(): FollowStatus
}

export interface FollowStatus {
  phase: 'starting' | ListWatchStatus['phase']
  /** Up to here everything is in the log. */
  resourceVersion: string | undefined
  /** Epoch ms at which the API server last showed life; `null` before it was asked. */
  lastProgressAt: number | null
  lastError: string | undefined
  known: number
  /** Epoch ms at which a call to the stores began that is under way; `null` when none is. */
  callingSince: number | null
}

/**
 * Follows a resource and records what it shows. The position moves only together with what was seen up to it,
 * so a crash anywhere repeats at most; what is repeated carries the same keys. While one append is on its way,
 * the next changes gather and go together.
 */
export function followResource<Seen>(recorder: Recorder<Seen>, deps: FollowDeps): Follower {
  const { cluster, log, checkpoints, clock, random, signal } = deps
  const { view, resource } = recorder
  const logger = deps.logger.child({ resource: resource.plural })
  const name = `watcher/${resource.plural}`
  const insisting: Insisting = { clock, random, signal, logger }
  let savedAt = Number.NEGATIVE_INFINITY
  let reader: ListWatch | undefined
  let callingSince: number | null = null

  /** Makes a call to the stores, noting how long it takes: one that hangs shows in the health. */
  async function timed<T>(call: () => Promise<T>): Promise<T> {
    callingSince = clock.now()
    try {
      return await call()
    } finally {
      callingSince = null
    }
  }

  async function append(facts: ClusterEvent[], resourceVersion: string): Promise<void> {
    const occurredAt = new Date(clock.now()).toISOString()
    const events = facts.map((fact) => toNewEvent(fact, occurredAt))
    const checkpoint = { name, state: positionState({ resourceVersion, view }) }
    const { appended } = await insist(
      'append to the event log',
      () => timed(() => log.append(events, { checkpoint })),
      insisting,
      (error) => error instanceof InvalidEventError,
    )
    savedAt = clock.now()
    logger.debug({ seen: events.length, appended, resourceVersion }, 'recorded')
  }

  /** Losing a position costs a longer catching up, nothing else: a failure is left to the next time. */
  async function savePositionAtTimes(resourceVersion: string): Promise<void> {
    if (clock.now() - savedAt < savePositionEveryMs) return
    savedAt = clock.now()
    try {
      await timed(() => checkpoints.save(name, 0, positionState({ resourceVersion, view })))
    } catch (error) {
      logger.warn({ err: error, resourceVersion }, 'could not save the position; the next one will do')
    }
  }

  const load = () => insist('load what the log believes', () => timed(() => recorder.load()), insisting)

  return {
    async run() {
      const from = await insist('load the position', () => loadPosition(checkpoints, name, view), insisting)
      if (from !== undefined) await load()
      logger.info({ from }, from === undefined ? 'lists everything' : 'goes on where it was')
      reader = listWatch<Seen>({
        ...{ cluster, resource, clock, random, signal },
        ...(from !== undefined && { from }),
        project: (object) => recorder.project(object),
        async onList(list) {
          // Another watcher may have recorded what this one did not see: the list is compared with the log itself.
          await load()
          const facts = await recorder.list(list)
          logger.info({ listed: list.items.length, facts: facts.length }, 'compared a complete list')
          await append(facts, list.resourceVersion)
        },
        async onEvents(changes, resourceVersion) {
          const facts = await recorder.changes(changes)
          if (facts.length > 0) await append(facts, resourceVersion)
          else await savePositionAtTimes(resourceVersion)
        },
        onRetry: ({ error, failures, delayMs }) =>
          logger.warn(
            { err: error, failures, delayMs },
            'could not follow the API server; it is tried again',
          ),
      })
      await reader.done
    },
    status() {
      const status = reader?.status()
      return {
        phase: status?.phase ?? 'starting',
        resourceVersion: status?.resourceVersion,
        lastProgressAt: status?.lastProgressAt ?? null,
        lastError: status?.lastError,
        known: recorder.known(),
        callingSince,
      }
    },
  }
}
