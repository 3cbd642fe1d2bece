import { createPool, createPostgresEventLog, migrate } from '@pod-eip/event-log'
import { eipClaims, pods } from '@pod-eip/kube'
import { createPostgresProjectionStore } from '@pod-eip/read-models'
import { systemClock, systemIds, systemRandom } from '@pod-eip/runtime'
import { atOnce } from '../bench/measure.ts'
import { until } from '../contract/until.ts'
import type { ApiServer } from './api-servers.ts'
import { fullPod } from './full-pod.ts'
import { startWatcherProcess } from './watcher-process.ts'

export interface Crowd {
  pods: number
  /** How many of them ask for an EIP. */
  asking: number
}

/** One start of a watcher: the figures of the process until it has recorded all there is. */
export interface WatcherStart {
  peakMiB: number
  /** Resources of which it read a complete list. */
  listed: string[]
}

/** The starts in a watcher's life. */
export interface Watched {
  /** With an empty log. */
  first: WatcherStart
  /** Where it was, with Pods deleted meanwhile. */
  fromPosition: WatcherStart
  /** With Pods deleted meanwhile, and their history lost: all is listed and compared with the log. */
  historyLost: WatcherStart
}

/** Pods that are deleted while no watcher runs, each time. */
const missed = 100

/**
 * Lets a watcher process meet a large cluster three times, and checks what it recorded. The API server is to be
 * empty, the schema to be new; it is removed.
 */
export async function watchManyPods(
  api: ApiServer,
  stores: { url: string; schema: string; redisUrl: string },
  crowd: Crowd,
): Promise<Watched> {
  const { url, schema, redisUrl } = stores
  const pool = createPool({ url, applicationName: 'pod-eip scale', max: 4 })
  await migrate({ pool, schema })
  const log = createPostgresEventLog({ pool, schema, clock: systemClock, random: systemRandom })
  const store = createPostgresProjectionStore(log, pool, schema)

  /** Pods that events of this type tell of. */
  async function count(type: string): Promise<number> {
    const pods = `select count(distinct data->>'podUid') from ${schema}.events where type = $1`
    return Number((await pool.query(pods, [type])).rows[0].count)
  }

  async function project(): Promise<void> {
    const settings = { claimExpiredMs: null, cascade: false }
    for (;;) {
      const context = {
        now: new Date(systemClock.now()).toISOString(),
        nextId: () => systemIds.next(),
        settings,
      }
      if (!(await store.advance({ maxEvents: 2_000, maxClaims: 500 }, context)).more) return
    }
  }

  /** Runs a watcher until so many events of this type are in the log. */
  async function startUntil(type: string, wanted: number): Promise<WatcherStart> {
    const watcher = await startWatcherProcess({
      databaseUrl: url,
      databaseSchema: schema,
      redisUrl,
      kubeconfig: api.kubeconfig,
    })
    try {
      await until(
        `the log tells of ${wanted} Pods in events ${type}`,
        async () => (await count(type)) >= wanted,
        120_000,
      )
      return { peakMiB: await watcher.peakMiB(), listed: await watcher.listed() }
    } finally {
      await watcher.stop()
    }
  }

  /** The first ones of those that ask. */
  const remove = (from: number) =>
    atOnce(missed, 16, (i) => api.cluster.delete(pods, 'default', `web-${from + i}`))

  try {
    const all = Array.from({ length: crowd.pods }, (_, i) => fullPod(i, i < crowd.asking))
    await api.create(pods, all)
    await api.create(
      eipClaims,
      all.slice(0, crowd.asking).map(({ metadata: { name, namespace } }) => ({
        metadata: { name, ...(namespace ? { namespace } : {}) },
        spec: { source: 'auto' },
      })),
    )
    const first = await startUntil('PodObserved', crowd.asking)
    await project()
    await remove(0)
    const fromPosition = await startUntil('PodEnded', missed)
    await remove(missed)
    await api.forgetHistory()
    const historyLost = await startUntil('PodEnded', 2 * missed)
    const recorded = [await count('PodObserved'), await count('PodEnded')]
    if (recorded.join() !== [crowd.asking, 2 * missed].join()) {
      throw new Error(`the log tells of ${recorded.join(' Pods and the ends of ')}`)
    }
    return { first, fromPosition, historyLost }
  } finally {
    await log.close()
    await pool.query(`drop schema ${schema} cascade`)
    await pool.end()
  }
}
