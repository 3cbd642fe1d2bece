import { createTestDatabase } from '@pod-eip/devstack'
import { defaultAnnotationDomain, installationMarks } from '@pod-eip/domain'
import { createMemoryEventLog, type EventLog, openEventLog } from '@pod-eip/event-log'
import { customResourceDefinitions, eipClaimCrd, eipClaims, nodes, pods } from '@pod-eip/kube'
import {
  createMemoryModels,
  createMemoryProjectionStore,
  createPostgresProjectionStore,
  createPostgresReadModels,
  type ProjectionStore,
  projectorCheckpoint,
  type ReadModels,
} from '@pod-eip/read-models'
import {
  type Clock,
  seededIds,
  seededRandom,
  silentLogger,
  systemClock,
  systemIds,
  systemRandom,
} from '@pod-eip/runtime'
import { createKubeStore } from '@pod-eip/simulators/kube'
import { vi } from 'vitest'
import { createWatcher, type WatcherDeps } from '../../src/index.ts'
import { storeCluster } from './store-cluster.ts'

/** Where a watcher's facts go. */
export interface Memory {
  log: EventLog
  readModels: ReadModels
  projection: ProjectionStore
  close(): Promise<void>
}

export function inMemory(clock: Clock = systemClock): Memory {
  const log = createMemoryEventLog({ clock })
  const readModels = createMemoryModels(() => log.loadCheckpointNow(projectorCheckpoint).position)
  const projection = createMemoryProjectionStore(log, readModels.world)
  return { log, readModels, projection, close: async () => {} }
}

export async function inPostgres(): Promise<Memory> {
  const { url, schema, drop } = await createTestDatabase()
  const { log, pool, close } = await openEventLog({
    ...{ url, schema, clock: systemClock, random: systemRandom, logger: silentLogger },
    applicationName: 'test',
  })
  return {
    log,
    readModels: createPostgresReadModels(pool, schema),
    projection: createPostgresProjectionStore(log, pool, schema),
    async close() {
      await close()
      await drop()
    },
  }
}

/** A simulated API server, and watchers that record what it shows. */
export function scene(memory: Memory, clock: Clock = systemClock) {
  const store = createKubeStore({ clock, ids: seededIds(seededRandom(1)) })
  store.create(customResourceDefinitions, eipClaimCrd)
  const cluster = storeCluster(store)
  const running = new Set<() => Promise<void>>()

  /** What watchers recorded, in short. */
  async function recorded(): Promise<string[]> {
    const events = await memory.log.read({ after: 0, limit: 10_000 })
    return events
      .filter((event) => event.actor === 'watcher' && event.type !== 'ClusterIdentified')
      .map(({ type, data }) => [type, data.claim ?? data.node, data.reason].filter(Boolean).join(' '))
  }

  return {
    store,
    cluster,
    log: memory.log,
    recorded,
    /** Starts a watcher; resolves when it has handled what there is. Returns how to stop it. */
    async start(overrides: Partial<WatcherDeps> = {}) {
      const watcher = createWatcher({
        ...{ cluster, log: memory.log, checkpoints: memory.log.checkpoints, readModels: memory.readModels },
        ...{ clock, random: seededRandom(2), logger: silentLogger },
        settings: { annotationDomain: 'tke.cloud.tencent.com' },
        ...overrides,
      })
      const end = new AbortController()
      const run = watcher.run(end.signal)
      const stop = async () => {
        running.delete(stop)
        end.abort()
        await run
      }
      running.add(stop)
      // One that failed is not to be stopped; its test sees the failure in `run`.
      run.catch(() => running.delete(stop))
      await vi.waitFor(() => {
        if (!watcher.health().ready) throw new Error('not ready')
      }, waiting)
      return { stop, watcher, run }
    },
    async stopAll() {
      for (const stop of [...running]) await stop()
      await memory.close()
    },
    /** Folds what was recorded into the read models. */
    async project() {
      const settings = { claimExpiredMs: null, cascade: false }
      for (let now = clock.now(), more = true; more; ) {
        const context = { now: new Date(now).toISOString(), nextId: () => systemIds.next(), settings }
        const report = await memory.projection.advance({ maxEvents: 100, maxClaims: 100 }, context)
        now = report.dueAt ?? now
        more = report.more || report.dueAt !== null
      }
    },
    pod: (name: string, annotations: Record<string, string> = { [asks]: '{}' }) =>
      store.create(pods, {
        metadata: { name, namespace: 'default', annotations },
        spec: { containers: [{ name: 'main', image: 'main' }] },
      }),
    /** Changes something that is of no interest. */
    touch: (name: string) =>
      store.patch(pods, 'default', name, {
        type: 'merge',
        body: { metadata: { labels: { at: store.resourceVersion() } } },
      }),
    remove: (name: string) => store.delete(pods, 'default', name),
    node: (name: string, cpu: string) =>
      store.create(nodes, {
        metadata: { name },
        spec: { providerID: `qcloud:///800006/ins-${name}` },
        status: { capacity: { cpu } },
      }),
    eipClaim: (name: string) =>
      store.create(eipClaims, {
        metadata: { name, namespace: 'default', finalizers: [reclaimFinalizer] },
        spec: { source: 'auto' },
      }),
  }
}

export const { reclaimFinalizer } = installationMarks(defaultAnnotationDomain)
const asks = 'tke.cloud.tencent.com/eip-attributes'
export const waiting = { timeout: 20_000, interval: 20 }
