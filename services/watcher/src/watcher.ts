import { installationMarks } from '@pod-eip/domain'
import type { Checkpoints, EventLog } from '@pod-eip/event-log'
import { type Cluster, clusterUid } from '@pod-eip/kube'
import { confirmCluster, type ReadModels } from '@pod-eip/read-models'
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
import { createObjectQuestions } from './owners/ask-about-objects.ts'
import { followOwners, type OwnerFollowers } from './owners/follow-owners.ts'
import { createOwnerBook } from './owners/owner-book.ts'
import { createOwnerChain } from './owners/owner-chain.ts'
import { createTellOwnerEnd } from './owners/owner-end.ts'
import { createOwnersSeen, type OwnersSeen } from './owners/owners-seen.ts'

export interface WatcherDeps {
  cluster: Pick<Cluster, 'list' | 'watch' | 'get' | 'resourceOf'>
  log: Pick<EventLog, 'append' | 'read'>
  checkpoints: Pick<Checkpoints, 'load' | 'save'>
  readModels: Pick<ReadModels, 'position' | 'claims' | 'claimsOfLivingOwners' | 'nodes'>
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
  /** The kinds of workload that claims' Pods belong to. They need not be served, nor may we have the right to them. */
  owners: Record<string, FollowStatus>
  /** What only an operator can mend: one sentence, else empty. */
  problem: string
}

/** The longest that owners wait until Pods were looked at, which may not change for long. */
const podsFirstMs = 5_000

/** A call to the stores that takes longer than this hangs: its connection is dead and does not know it. */
const longestCallMs = 5 * 60_000

/**
 * Turns what the cluster shows into events of the log. Two of them at once do no harm: what both see, they
 * record under the same key.
 */
export function createWatcher(deps: WatcherDeps): Watcher {
  const { cluster, log, readModels, clock, settings, logger } = deps
  let problem = ''
  let followers: Record<string, Follower> = {}
  let ownerFollowers: OwnerFollowers | undefined

  function followOwnersOf(follow: FollowDeps): { seen: OwnersSeen; followers: OwnerFollowers } {
    const questions = createObjectQuestions({ ...follow, cluster })
    const book = createOwnerBook({ log, readModels })
    const chain = createOwnerChain({ questions, onOwner: book.expect, clock })
    const about = { book, chain, questions, tellEnd: createTellOwnerEnd({ book, chain }) }
    return { seen: createOwnersSeen(about), followers: followOwners({ ...follow, ...about }) }
  }

  /** Resolves once the cluster is known to be the one that the log is about. */
  const confirm = (signal: AbortSignal) =>
    confirmCluster({
      ...{ log, clock, signal, logger, recorder: { log, actor: 'watcher' } },
      clusterUid: () => clusterUid(cluster),
      onProblem: (sentence) => {
        problem = sentence
      },
    })

  return {
    async run(signal) {
      await confirm(signal)
      if (signal.aborted) return
      const stop = new AbortController()
      const until = AbortSignal.any([signal, stop.signal])
      const follow: FollowDeps = { ...deps, signal: until, confirm: () => confirm(until) }
      const domain = settings.annotationDomain
      const owners = followOwnersOf(follow)
      ownerFollowers = owners.followers
      followers = {
        pods: followResource(
          createPodRecorder({ log, readModels, domain, owners: owners.seen, clock }),
          follow,
        ),
        nodes: followResource(createNodeRecorder({ log, readModels }), follow),
        eipclaims: followResource(
          createEipClaimRecorder({
            ...follow,
            cluster,
            owners: owners.seen,
            marks: installationMarks(domain),
          }),
          follow,
        ),
      }
      // What became of a Pod is to be in the log before what became of its owner: a Pod that has come since the last
      // run takes its EIP back before that could go with a former owner.
      const ownersAfterPods = async () => {
        await Promise.race([followers.pods?.begun, clock.sleep(podsFirstMs, until)])
        await owners.followers.run()
      }
      const running = [...Object.values(followers), { run: ownersAfterPods }].map((follower) =>
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
      const owners = ownerFollowers?.status() ?? {}
      const hangs = (status: FollowStatus) =>
        status.callingSince !== null && clock.now() - status.callingSince > longestCallMs
      return {
        live: ![...all, ...Object.values(owners)].some(hangs),
        ready:
          problem === '' && all.length > 0 && all.every((status) => status.resourceVersion !== undefined),
        resources,
        owners,
        problem,
      }
    },
  }
}
