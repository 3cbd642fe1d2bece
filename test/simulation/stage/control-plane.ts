import { joinedCloud, rateLimitedCloud } from '@pod-eip/cloud'
import { clusterKey, type GuardSettings } from '@pod-eip/domain'
import { createProjector } from '@pod-eip/projector'
import { createPublisher } from '@pod-eip/publisher'
import { watchLog } from '@pod-eip/read-models'
import { type Clock, createMetrics, type Ids, type Random, seededIds, silentLogger } from '@pod-eip/runtime'
import { createWatcher } from '@pod-eip/watcher'
import { createWorker } from '@pod-eip/worker'
import type { FaultInStory } from './fate.ts'
import { createProcess, type Process } from './process.ts'
import type { Script } from './script.ts'
import { clusterId, type Stage } from './stage.ts'
import { createStores, type Stores } from './stores.ts'

export interface ControlPlane
  extends Pick<
    Stores,
    | 'log'
    | 'models'
    | 'queue'
    | 'emptyRedis'
    | 'endOlderBuild'
    | 'backUp'
    | 'restores'
    | 'written'
    | 'writtenSoFar'
  > {
  /** What its services are told when they start. */
  settings: PlaneSettings
  /** All that they were ever told, from the start on, in order. */
  settingsOverTime: readonly { at: number; settings: PlaneSettings }[]
  /** Starts every process; a process that crashes is started again after a while. */
  start(): void
  /** SIGKILL of all of them at once. */
  killAll(): void
  /** As that, and nobody starts them again until `start`. */
  stop(): void
  /** The database went back, and the log has not been brought up to date yet. */
  wentBack(): boolean
  /** By the log the cluster is torn down. */
  tornDown(): boolean
  /** What an operator is about, and what has to be over before all can be right. */
  undertakings: Set<string>
  /** Somebody runs a command, which can be killed and whose calls fail as those of a service do. How it ended. */
  command<T>(name: string, run: (process: Process, means: Means) => Promise<T>): Promise<Ending<T>>
  /** Names of the processes that run now. */
  running(): string[]
  /** Nothing of a process goes on for so long, in ms. */
  freeze(process: string, ms: number): void
  /** From now on this process is the slowest, and no other: its calls take up to so much longer, in ms. */
  slow(process: string | null, longestMs: number): void
  /** All services start anew with these settings; those before go on beside them for so long, then end. */
  rollOut(settings: PlaneSettings, overlapMs: number): void
  /** Puts the clock of a process's machine, or of the database's, forward (or back) by so much, in ms. */
  jump(whose: string, ms: number): void
  /** All clocks are right again. */
  setClocks(): void
  /** How far any two clocks have ever been apart, in ms. */
  skewMs(): number
  /** Ends all processes for ever: nothing holds on to the story any more. */
  close(): void
  crashes(): number
  /** What a process died of by itself: always a fault of ours. */
  failures: unknown[]
  /** Calls so far, by service, port and method. */
  calls: ReadonlyMap<string, number>
}

/** What a command works with. */
export interface Means {
  stores: Stores
  ids: Ids
}

export type Ending<T> = { kind: 'done'; value: T } | { kind: 'failed'; error: unknown } | { kind: 'killed' }

/** What an operator sets, and may change. */
export interface PlaneSettings {
  /** Expiry of retained claims; `null` = never. */
  claimExpiredMs: number | null
  /** Static EIPs go with their workload. */
  cascade: boolean
  /** How much may be given back at once. */
  guard: GuardSettings
}

export interface Conditions {
  script: Script
  /** The longest that a call takes, in ms. */
  latencyMs: () => number
  /** What goes wrong on the way of jobs and calls. */
  faults: readonly FaultInStory[]
  settings: PlaneSettings
  copies: { projector: number; watcher: number; worker: number; publisher: number }
}

/** Whose clock it is that all go by. */
export const database = 'Postgres'

/** Between two steps of a projector when nothing comes, as with Postgres, in ms. */
const longestWaitMs = 10_000
const settings = { annotationDomain: 'tke.cloud.tencent.com' }

/** The services' own code over in-memory stores: what is in the stores outlives the processes. */
export function createControlPlane(stage: Stage, conditions: Conditions): ControlPlane {
  const { clock, random } = stage
  const { script, faults } = conditions
  const ids = seededIds(random)
  const machineOffsets = new Map<string, number>()
  const offsetOf = (whose: string) => machineOffsets.get(whose) ?? 0
  let skewMs = 0
  const databaseClock: Clock = { now: () => clock.now() + offsetOf(database), sleep: clock.sleep }
  const stores = createStores({
    ...{ clock, databaseClock, random },
    fateOf(job) {
      const name = numbered(`job ${job.action} of ${job.claim}`)
      for (const fault of faults) {
        const fate = fault.jobFate?.(job, name)
        if (fate) return fate
      }
      return { kind: 'handled' }
    },
  })
  const { log, models, store, runs, limiter, queue, turn, mark } = stores
  const failures: unknown[] = []
  const running = new Set<Process>()
  const turns = new Map<string, number>()
  const calls = new Map<string, number>()
  const latencies = new Map<string, Random>()
  const settingsOverTime = [{ at: clock.now(), settings: conditions.settings }]
  const retired = new Set<Process>()
  let crashes = 0
  let closed = false
  /** Counts the times at which all were stopped; who was to start again before does not. */
  let stops = 0
  let slowest = { process: '', longestMs: 0 }
  const told = () => settingsOverTime.at(-1)!.settings
  const count = (counts: Map<string, number>, what: string) => {
    counts.set(what, (counts.get(what) ?? 0) + 1)
    return counts.get(what)!
  }
  const numbered = (what: string) => `${what} #${count(turns, what)}`

  const watchOf = (p: Process, how = {}) =>
    watchLog({ log: p.port('log', log), mark: p.port('mark', mark), clock: p.clock, ...how })
  const services: Record<keyof Conditions['copies'], (p: Process) => Promise<void>> = {
    projector: (p) =>
      createProjector({
        waitForMore: async (position, signal) => {
          const over = new AbortController()
          const either = AbortSignal.any([signal, p.signal, over.signal])
          await Promise.race([log.waitForMore(position, either), p.clock.sleep(longestWaitMs, either)])
          over.abort()
          await p.clock.sleep(0)
        },
        logWatch: watchOf(p),
        store: p.port('projection', store),
        readModels: p.port('models', models),
        queue: p.port('queue', queue),
        clock: p.clock,
        ids,
        settings: told(),
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
        obstacle: watchOf(p, { onlyWhenKnown: true }).problem,
        queue: p.port('queue', queue),
        turn: p.port('turn', turn),
        log: p.port('log', log),
        runs: p.port('runs', runs),
        readModels: p.port('models', models),
        cloud: joinedCloud(p.port('cloud', rateLimitedCloud(stage.eipCloud, limiter)), { clock: p.clock }),
        clock: p.clock,
        random,
        settings: {
          ...{ clusterId, settleMs: 15_000, readLagMs: 75_000, leaseMs: 20_000, pollMs: 500 },
          ...{ surveyMs: 60_000, orphanGraceMs: 180_000, guard: told().guard },
        },
        owner: `${p.name}-${ids.next()}`,
        concurrency: 20,
        egress: true,
        logger: silentLogger,
        metrics: createMetrics('worker'),
      }).run(p.signal),
    publisher: (p) =>
      createPublisher({
        logWatch: watchOf(p, { onlyWhenKnown: true }),
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
          cascade: told().cascade,
          masqAgentConfig: null,
        },
        logger: silentLogger,
      }).run(p.signal),
  }

  function begin(name: string, onEnd: (process: Process) => void): Process {
    const ofLatency = latencies.get(name) ?? script.source(`latency of ${name}`)
    latencies.set(name, ofLatency)
    const process = createProcess(name, {
      clock,
      now: correctedClock(name),
      random: ofLatency,
      latencyMs: () => conditions.latencyMs() + (slowest.process === name ? slowest.longestMs : 0),
      nextNumber(method) {
        count(calls, `${name.replace(/-\d+$/, '')} ${method}`)
        return count(turns, `${name} ${method}`)
      },
      fateOf(call) {
        for (const fault of faults) {
          const fate = fault.callFate?.(call)
          if (fate) return fate
        }
        return null
      },
      onEnd() {
        running.delete(process)
        if (!closed) onEnd(process)
      },
    })
    running.add(process)
    return process
  }
  function launch(name: string, run: (p: Process) => Promise<void>): void {
    if (closed) return
    const process = begin(name, () => {
      crashes += 1
      // What a killed worker held comes back when its lock has run out.
      if (name.startsWith('worker')) clock.after(30_000, () => queue.stall())
      if (retired.has(process)) return
      const before = stops
      clock.after(500 + script.chance(numbered(`rest of ${name}`)) * 10_000, () => {
        if (stops === before) launch(name, run)
      })
    })
    run(process).catch((error: unknown) => {
      if (process.alive) failures.push(error)
    })
  }
  function command<T>(name: string, run: (process: Process, means: Means) => Promise<T>): Promise<Ending<T>> {
    return new Promise((resolve) => {
      const process = begin(name, () => resolve({ kind: 'killed' }))
      run(process, { stores, ids })
        .then(
          (value) => resolve({ kind: 'done', value }),
          (error: unknown) => resolve({ kind: 'failed', error }),
        )
        .finally(() => process.kill())
    })
  }
  /** What a process goes by: its machine's clock, and every minute what that lacks to the database's. */
  function correctedClock(name: string): () => number {
    let measuredAt = Number.NEGATIVE_INFINITY
    let correction = 0
    return () => {
      if (clock.now() - measuredAt >= 60_000) {
        measuredAt = clock.now()
        correction = offsetOf(database) - offsetOf(name)
      }
      return clock.now() + offsetOf(name) + correction
    }
  }
  function launchAll(only?: ReadonlySet<string>): void {
    for (const [kind, run] of Object.entries(services) as [
      keyof typeof services,
      (p: Process) => Promise<void>,
    ][]) {
      for (let copy = 0; copy < conditions.copies[kind]; copy++) {
        const name = `${kind}-${copy}`
        if (only?.has(name) ?? true) launch(name, run)
      }
    }
  }
  /** Asked to end, and killed when that takes too long: not started again. */
  function retire(process: Process): void {
    process.end()
    clock.after(20_000, () => process.kill())
  }
  const killAll = () => {
    for (const process of [...running]) process.kill()
  }

  return {
    ...stores,
    get settings() {
      return told()
    },
    settingsOverTime,
    start() {
      launchAll()
    },
    killAll,
    stop() {
      killAll()
      stops += 1
    },
    wentBack: () => stores.restores.at(-1)?.recoveredAt === null,
    tornDown: () => Boolean(models.world.cluster.get(clusterKey)?.teardown),
    undertakings: new Set(),
    command,
    running: () => [...running].map(({ name }) => name).sort(),
    freeze(name, ms) {
      for (const process of running) if (process.name === name) process.freeze(ms)
    },
    slow(process, longestMs) {
      slowest = { process: process ?? '', longestMs }
    },
    rollOut(settings, overlapMs) {
      settingsOverTime.push({ at: clock.now(), settings })
      const before = [...running].filter((process) => !retired.has(process))
      // Those that wait to be started again start with the new settings anyway.
      const names = new Set(before.map(({ name }) => name))
      for (const process of before) retired.add(process)
      launchAll(names)
      clock.after(overlapMs, () => {
        for (const process of before) retire(process)
      })
    },
    jump(whose, ms) {
      machineOffsets.set(whose, offsetOf(whose) + ms)
      const offsets = [0, ...machineOffsets.values()]
      skewMs = Math.max(skewMs, Math.max(...offsets) - Math.min(...offsets))
    },
    setClocks: () => machineOffsets.clear(),
    // What was measured before a jump is out by it until it is measured again.
    skewMs: () => 2 * skewMs,
    close() {
      closed = true
      killAll()
    },
    crashes: () => crashes,
    failures,
    calls,
  }
}
