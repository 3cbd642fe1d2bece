import { type Checkpoints, type EventLog, InvalidEventError, type JsonObject } from '@pod-eip/event-log'
import {
  type Cluster,
  type CompleteList,
  KubeError,
  type ListWatch,
  type ListWatchEvent,
  type ListWatchStatus,
  listWatch,
} from '@pod-eip/kube'
import { type ClusterEvent, seenEvent } from '../record/cluster-event.ts'
import { type Insisting, insist } from './insist.ts'
import { loadPosition, positionState } from './position.ts'
import type { Recorder } from './recorder.ts'

export interface FollowDeps extends Insisting {
  cluster: Pick<Cluster, 'list' | 'watch'>
  log: Pick<EventLog, 'append'>
  checkpoints: Pick<Checkpoints, 'load' | 'save'>
  /** Resolves once the cluster is known to be the one that the log is about, or the signal has aborted. */
  confirm: () => Promise<void>
}

/** A position that nothing was recorded at is saved at most this often. */
const savePositionEveryMs = 10_000

/**
 * Even where all goes well a complete list is compared with the log this often: it finds whatever was recorded
 * on stale knowledge, as by a watcher that hung and came back while another did its work.
 */
const completeListEveryMs = { least: 60 * 60_000, most: 90 * 60_000 }
/** While a list is in doubt another one is read this often. */
const listInDoubtEveryMs = 2 * 60_000

/** One that is overdue at the start waits this long: a watcher that starts has enough to do. */
const soonestListMs = 5 * 60_000

/** What is not to be had, and can be done without, is told once in so many attempts. */
const tellEvery = 100

/** Events of one append: a list of a whole cluster must not hold up everybody else's. */
const appendSize = 1_000

/** One resource being followed. */
export interface Follower {
  /** Follows until the signal aborts. Rejects only with what cannot be mended by trying again. */
  run(): Promise<void>
  /** Resolves once something was handled in this run. */
  begun: Promise<void>
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
  const full = resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`
  const logger = deps.logger.child({ resource: full })
  const name = `watcher/${full}`
  const insisting: Insisting = { clock, random, signal, logger }
  let savedAt = Number.NEGATIVE_INFINITY
  let reader: ListWatch | undefined
  let handled: string | undefined
  let callingSince: number | null = null
  const begun = Promise.withResolvers<void>()

  /** Makes a call to the stores, noting how long it takes: one that hangs shows in the health. */
  async function timed<T>(call: () => Promise<T>): Promise<T> {
    callingSince = clock.now()
    try {
      return await call()
    } finally {
      callingSince = null
    }
  }

  const isInDoubt = () => recorder.doubt().held || listedAt < Math.max(doubtedUntil, recorder.doubt().until)

  /** What was doubted is remembered: why, a later run may no longer find in the log. */
  function positionOf(resourceVersion: string): JsonObject {
    doubtedUntil = Math.max(doubtedUntil, recorder.doubt().until)
    return positionState({ resourceVersion, view, listedAt, doubtedUntil })
  }

  async function append(facts: ClusterEvent[], resourceVersion: string): Promise<void> {
    const occurredAt = new Date(clock.now()).toISOString()
    const checkpoint = { name, state: positionOf(resourceVersion) }
    for (let first = 0; first === 0 || first < facts.length; first += appendSize) {
      const part = facts.slice(first, first + appendSize).map((fact) => seenEvent(fact, occurredAt))
      const isLast = first + appendSize >= facts.length
      await insist(
        'append to the event log',
        () => timed(() => log.append(part, isLast ? { checkpoint } : {})),
        insisting,
        (error) => error instanceof InvalidEventError,
      )
    }
    savedAt = clock.now()
    logger.debug({ facts: facts.length, resourceVersion }, 'recorded')
  }

  /** Losing a position costs a longer catching up, nothing else: a failure is left to the next time. */
  async function savePositionAtTimes(resourceVersion: string): Promise<void> {
    if (clock.now() - savedAt < savePositionEveryMs) return
    savedAt = clock.now()
    try {
      await timed(() => checkpoints.save(name, 0, positionOf(resourceVersion)))
    } catch (error) {
      logger.warn({ err: error, resourceVersion }, 'could not save the position; the next one will do')
    }
  }

  let listAgainIn: (ms: number) => void = () => {}
  let listedAt = 0
  let doubtedUntil = 0

  const load = () => insist('load what the log believes', () => timed(() => recorder.load()), insisting)

  async function onList(list: CompleteList<Seen>): Promise<void> {
    // Another watcher may have recorded what this one did not see: the list is compared with the log itself.
    await load()
    // What a list lacks counts only in the cluster that the log is about.
    await deps.confirm()
    signal.throwIfAborted()
    const facts = await recorder.list(list)
    listedAt = clock.now()
    if (isInDoubt()) listAgainIn(listInDoubtEveryMs)
    logger.info({ listed: list.items.length, facts: facts.length }, 'compared a complete list')
    await append(facts, list.resourceVersion)
    handled = list.resourceVersion
    begun.resolve()
  }

  async function onEvents(changes: ListWatchEvent<Seen>[], resourceVersion: string): Promise<void> {
    const facts = await recorder.changes(changes)
    if (facts.length > 0) await append(facts, resourceVersion)
    else await savePositionAtTimes(resourceVersion)
    handled = resourceVersion
    begun.resolve()
  }

  /** Follows until it is time for a complete list. */
  async function followOn(from: string | undefined): Promise<void> {
    const { least, most } = completeListEveryMs
    const turn = new AbortController()
    const until = AbortSignal.any([signal, turn.signal])
    // Whoever goes on where it was has the age of its last list: else a watcher that is often started never read one.
    const age = from === undefined ? 0 : clock.now() - listedAt
    const rest = Math.max(soonestListMs, least + random.next() * (most - least) - age)
    const timers = [clock.sleep(rest, until).then(() => turn.abort())]
    listAgainIn = (ms) => timers.push(clock.sleep(ms, until).then(() => turn.abort()))
    reader = listWatch<Seen>({
      ...{ cluster, resource, clock, random, onList, onEvents, signal: until },
      ...(from !== undefined && { from }),
      project: (object) => recorder.project(object),
      onRetry({ error, failures, delayMs }) {
        const status = error instanceof KubeError ? error.status : 0
        if (recorder.optional && (status === 403 || status === 404)) {
          if (failures % tellEvery !== 1) return
          logger.warn(
            { err: error, failures },
            status === 403
              ? `the watcher may not list and watch ${full}: EIPs of their Pods stay when they are deleted; grant it get, list and watch on ${full}`
              : `${full} are not served any more: EIPs of their Pods stay`,
          )
          return
        }
        if (status === 404) {
          // The definition of EIPClaim is the publisher's to bring.
          logger.info(
            { failures, delayMs },
            'the API server does not serve this resource yet; it is tried again',
          )
          return
        }
        logger.warn({ err: error, failures, delayMs }, 'could not follow the API server; it is tried again')
      },
    })
    try {
      await reader.done
    } finally {
      turn.abort()
      await Promise.all(timers)
    }
  }

  return {
    begun: begun.promise,
    async run() {
      const position = await insist(
        'load the position',
        () => loadPosition(checkpoints, name, view),
        insisting,
      )
      listedAt = position?.listedAt ?? 0
      doubtedUntil = position?.doubtedUntil ?? 0
      let from = position?.resourceVersion
      logger.info({ from }, from === undefined ? 'begins with a complete list' : 'goes on where it was')
      if (from !== undefined) await load()
      if (isInDoubt()) from = undefined
      handled = from
      await followOn(from)
      while (!signal.aborted) await followOn(undefined)
    },
    status() {
      const status = reader?.status()
      return {
        phase: status?.phase ?? 'starting',
        resourceVersion: handled,
        lastProgressAt: status?.lastProgressAt ?? null,
        lastError: status?.lastError,
        known: recorder.known(),
        callingSince,
      }
    },
  }
}
