import { createInMemoryRateLimiter, joinedCloud, rateLimitedCloud } from '@pod-eip/cloud'
import type { GuardSettings } from '@pod-eip/domain'
import { createMemoryEventLog, type MemoryEventLog } from '@pod-eip/event-log'
import { createProjector } from '@pod-eip/projector'
import { createPublisher } from '@pod-eip/publisher'
import {
  createMemoryIntentQueue,
  createMemoryIntentRuns,
  createMemoryWorkTurn,
  type MemoryIntentQueue,
  type WorkTurn,
} from '@pod-eip/queue'
import {
  createMemoryModels,
  createMemoryProjectionStore,
  type MemoryModels,
  projectorCheckpoint,
} from '@pod-eip/read-models'
import { type Random, seededIds, silentLogger } from '@pod-eip/runtime'
import { createWatcher } from '@pod-eip/watcher'
import { createWorker } from '@pod-eip/worker'
import type { FaultInStory } from './fate.ts'
import { createProcess, type Process, type Weather } from './process.ts'
import type { Stage } from './stage.ts'

export interface ControlPlane {
  guard: GuardSettings
  log: MemoryEventLog
  models: MemoryModels
  queue: MemoryIntentQueue
  /** Whether static EIPs go with their workload. */
  cascade: boolean
  /** Starts every process; a process that crashes is started again after a while. */
  start(): void
  /** SIGKILL of all of them at once. */
  killAll(): void
  crashes: { process: string; point: string; at: number }[]
  /** What a process died of by itself: always a fault of ours. */
  failures: unknown[]
}

export interface Conditions {
  weather: () => Weather
  /** What goes wrong on the way of jobs and calls. */
  faults: readonly FaultInStory[]
  /** Expiry of retained claims; `null` = never. */
  claimExpiredMs: number | null
  /** Cascade reclaim. */
  cascade: boolean
  guard: GuardSettings
  copies: { projector: number; watcher: number; worker: number; publisher: number }
}

const settings = { annotationDomain: 'tke.cloud.tencent.com' }

/** Now and then somebody believes that the turn is his which another has: often two work at once. */
function doubtful(turn: WorkTurn, random: Random): WorkTurn {
  return { ...turn, hold: async (owner, forMs) => random.next() < 0.3 || turn.hold(owner, forMs) }
}

/** The services' own code over in-memory stores: what is in the stores outlives the processes. */
export function createControlPlane(stage: Stage, conditions: Conditions): ControlPlane {
  const { clock, random } = stage
  const ids = seededIds(random)
  const log = createMemoryEventLog({ clock })
  const models = createMemoryModels(() => log.loadCheckpointNow(projectorCheckpoint).position)
  const store = createMemoryProjectionStore(log, models.world)
  const runs = createMemoryIntentRuns({ clock, log })
  const limiter = createInMemoryRateLimiter(clock)
  const queue = createMemoryIntentQueue({
    clock,
    random,
    reorder: true,
    fateOf(job) {
      for (const fault of conditions.faults) {
        const fate = fault.jobFate?.(job)
        if (fate && fate.kind !== 'handled') return fate
      }
      return { kind: 'handled' }
    },
  })
  const turn = doubtful(createMemoryWorkTurn({ clock }), random)
  const crashes: ControlPlane['crashes'] = []
  const failures: unknown[] = []
  const running = new Set<Process>()

  const services: Record<keyof Conditions['copies'], (p: Process) => Promise<void>> = {
    projector: (p) =>
      createProjector({
        waitForMore: async (position, signal) => {
          await log.waitForMore(position, AbortSignal.any([signal, p.signal]))
          await p.clock.sleep(0)
        },
        store: p.port('projection', store),
        readModels: p.port('models', models),
        queue: p.port('queue', queue),
        clock: p.clock,
        ids,
        settings: {
          claimExpiredMs: conditions.claimExpiredMs,
          cascade: conditions.cascade,
          guard: conditions.guard,
        },
        logger: silentLogger,
      }).run(p.signal),
    watcher: (p) =>
      createWatcher({
        cluster: p.port('cluster', stage.cluster),
        log: p.port('log', log),
        checkpoints: p.port('checkpoints', log.checkpoints),
        readModels: p.port('models', models),
        clock: p.clock,
        random,
        settings,
        logger: silentLogger,
      }).run(p.signal),
    worker: (p) =>
      createWorker({
        queue: p.port('queue', queue),
        turn: p.port('turn', turn),
        log: p.port('log', log),
        runs: p.port('runs', runs),
        readModels: p.port('models', models),
        cloud: joinedCloud(p.port('cloud', rateLimitedCloud(stage.eipCloud, limiter)), { clock: p.clock }),
        clock: p.clock,
        random,
        settings: {
          ...{ clusterId: 'cls-sim', settleMs: 15_000, leaseMs: 20_000, pollMs: 500 },
          ...{ surveyMs: 60_000, orphanGraceMs: 180_000 },
        },
        owner: `${p.name}-${ids.next()}`,
        concurrency: 20,
        egress: true,
        logger: silentLogger,
      }).run(p.signal),
    publisher: (p) =>
      createPublisher({
        cluster: p.port('cluster', stage.cluster),
        log: p.port('log', log),
        checkpoints: p.port('checkpoints', log.checkpoints),
        readModels: p.port('models', models),
        clock: p.clock,
        random,
        settings: {
          ...settings,
          ...{ qps: 50, burst: 100 },
          concurrency: 4,
          cascade: conditions.cascade,
          masqAgentConfig: null,
        },
        logger: silentLogger,
      }).run(p.signal),
  }

  function launch(name: string, run: (p: Process) => Promise<void>): void {
    const process = createProcess(name, {
      clock,
      random,
      weather: conditions.weather,
      fateOf(port, method, args) {
        for (const fault of conditions.faults) {
          const fate = fault.callFate?.(name, port, method, args)
          if (fate) return fate
        }
        return null
      },
      onCrash(who, point) {
        running.delete(process)
        crashes.push({ process: who, point, at: clock.now() })
        // What a killed worker held comes back when its lock has run out.
        if (who.startsWith('worker')) clock.after(30_000, () => queue.stall())
        clock.after(500 + random.next() * 10_000, () => launch(name, run))
      },
    })
    running.add(process)
    run(process).catch((error: unknown) => {
      if (process.alive) failures.push(error)
    })
  }

  return {
    guard: conditions.guard,
    log,
    models,
    queue,
    cascade: conditions.cascade,
    start() {
      for (const [kind, run] of Object.entries(services) as [
        keyof typeof services,
        (p: Process) => Promise<void>,
      ][]) {
        for (let copy = 0; copy < conditions.copies[kind]; copy++) launch(`${kind}-${copy}`, run)
      }
    },
    killAll() {
      for (const process of [...running]) process.kill()
    },
    crashes,
    failures,
  }
}
