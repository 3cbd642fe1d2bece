import type { Checkpoints, EventLog } from '@pod-eip/event-log'
import type { Cluster } from '@pod-eip/kube'
import type { ReadModels } from '@pod-eip/read-models'
import type { Clock, Logger, Random } from '@pod-eip/runtime'
import { createEipClaimRecorder } from './follow/eip-claim-recorder.ts'
import {
  type FollowDeps,
  type Follower,
  type FollowStatus,
  followResource,
} from './follow/follow-resource.ts'
import { createNodeRecorder } from './follow/node-recorder.ts'
import { createPodRecorder } from './follow/pod-recorder.ts'

export interface WatcherDeps {
  cluster: Pick<Cluster, 'list' | 'watch' | 'get'>
  log: Pick<EventLog, 'append' | 'read'>
  checkpoints: Pick<Checkpoints, 'load' | 'save'>
  readModels: Pick<ReadModels, 'position' | 'claims' | 'nodes'>
  clock: Clock
  random: Random
  settings: WatcherSettings
  logger: Logger
}

export interface WatcherSettings {
  /** `POD_EIP_ANNOTATION_DOMAIN`. */
  annotationDomain: string
}

export interface Watcher {
  /**
   * Records until the signal aborts. Failures of the stores and of the API server are waited out; it rejects
   * only when something can never be recorded. To be called once.
   */
  run(signal: AbortSignal): Promise<void>
  health(): WatcherHealth
}

export interface WatcherHealth {
  /** False while a call hangs that only a restart can end. */
  live: boolean
  /** Every resource was handled once. */
  ready: boolean
  resources: Record<string, FollowStatus>
}

/** A call to the stores that takes longer than this hangs: its connection is dead and does not know it. */
const longestCallMs = 5 * 60_000

/**
 * Turns what the cluster shows into events of the log. Two of them at once do no harm: what both see, they
 * record under the same key.
 */
export function createWatcher(deps: WatcherDeps): Watcher {
  const { cluster, log, readModels, clock, settings } = deps
  let followers: Record<string, Follower> = {}

  return {
    async run(signal) {
      const stop = new AbortController()
      const until = AbortSignal.any([signal, stop.signal])
      const follow: FollowDeps = { ...deps, signal: until }
      const domain = settings.annotationDomain
      followers = {
        pods: followResource(createPodRecorder({ log, readModels, domain }), follow),
        nodes: followResource(createNodeRecorder({ log, readModels }), follow),
        eipclaims: followResource(createEipClaimRecorder({ ...follow, cluster }), follow),
      }
      const running = Object.values(followers).map((follower) =>
        follower.run().catch((error: unknown) => {
          if (until.aborted && error === until.reason) return
          stop.abort()
          throw error
        }),
      )
      const failed = (await Promise.allSettled(running)).find((end) => end.status === 'rejected')
      if (failed) throw failed.reason
    },
    health() {
      const resources = Object.fromEntries(
        Object.entries(followers).map(([name, follower]) => [name, follower.status()]),
      )
      const all = Object.values(resources)
      const hangs = (status: FollowStatus) =>
        status.callingSince !== null && clock.now() - status.callingSince > longestCallMs
      return {
        live: !all.some(hangs),
        ready: all.length > 0 && all.every((status) => status.resourceVersion !== undefined),
        resources,
      }
    },
  }
}
