import {
  type Cluster,
  type CompleteList,
  eipClaims,
  KubeError,
  type KubeObject,
  type ListWatchEvent,
  listWatch,
  nodes as nodeResource,
  pods as podResource,
  type Resource,
} from '@pod-eip/kube'
import type { Clock, Logger, Random } from '@pod-eip/runtime'
import { type SeenObject, seeObject } from './claim-object/claim-object.ts'
import type { NodePublisher } from './node/node-publisher.ts'
import type { ObjectCache } from './object-cache.ts'
import type { OwnNames } from './own-names.ts'
import type { PodView } from './pod/pod-view.ts'
import { type SeenPod, seePod } from './pod/seen-pod.ts'
import { claimStream, nodeStream } from './publication.ts'
import type { RefusedRights } from './refused-rights.ts'
import type { Urgency } from './work-queue/turns.ts'

export interface FollowClusterDeps {
  cluster: Cluster
  cache: ObjectCache<SeenObject>
  nodes: NodePublisher
  pods: PodView
  names: OwnNames
  rights: RefusedRights
  /** Something was seen that may have to be put right. */
  onChange: (stream: string, urgency: Urgency) => void
  /** EIPClaims are not served any more. */
  onDefinitionGone: () => void
  signal: AbortSignal
  clock: Clock
  random: Random
  logger: Logger
}

/** What the cluster shows of EIPClaims, Nodes and Pods, kept up to date. */
export interface ClusterView {
  /** Resolves when Nodes and Pods were listed, and EIPClaims were or could not be; or the signal aborts. */
  listed: Promise<void>
  /** Resolves when EIPClaims were listed, or the signal aborts. */
  eipClaimsListed: Promise<void>
  /** Resolves after the signal has aborted. */
  done: Promise<void>
}

/** Follows EIPClaims, Nodes and Pods, and reports those that changed otherwise than by our own writes. */
export function followCluster(deps: FollowClusterDeps): ClusterView {
  const { cluster, cache, nodes, pods, names, rights, onChange, onDefinitionGone } = deps
  const { signal, clock, random, logger } = deps
  const common = { cluster, signal, clock, random }
  const waiting: (() => void)[] = []
  signal.addEventListener('abort', () => waiting.forEach((resolve) => void resolve()), { once: true })

  /** @param what as its watch is called in the log */
  function follow<T>(what: string, options: Following<T>): Followed {
    const { promise: listed, resolve } = Promise.withResolvers<void>()
    waiting.push(resolve)
    const { resource, project, streamOf } = options
    const changed = (keys: string[], urgency: Urgency) =>
      keys.forEach((key) => void onChange(streamOf(key), urgency))
    const { done } = listWatch({
      ...{ ...common, resource, project },
      onList: (list) => {
        rights.forget(what)
        changed(options.onList(list), 'background')
        resolve()
      },
      onEvents: (events, position) => changed(options.onEvents(events, position), 'usual'),
      onRetry: ({ error, failures, delayMs }) => {
        if (!rights.note(what, error)) {
          logger.warn({ err: error, failures, delayMs }, `${what} cannot be read and are tried again`)
        }
        options.onRetry?.(error)
      },
    })
    return { listed, done }
  }

  const refused = Promise.withResolvers<void>()
  const claimObjects = follow('EIPClaims', {
    ...{ resource: eipClaims, project: (object) => seeObject(object, names), streamOf: claimStream },
    onList: cache.replace,
    onEvents: cache.follow,
    onRetry: (error) => {
      refused.resolve()
      if (error instanceof KubeError && error.status === 404) onDefinitionGone()
    },
  })
  const others = [
    follow('Nodes', {
      ...{ resource: nodeResource, project: nodes.see, streamOf: nodeStream },
      onList: (list) => nodes.replace(list.items),
      onEvents: nodes.follow,
    }),
    follow<SeenPod>('Pods', {
      ...{ resource: podResource, project: (pod) => seePod(pod, names), streamOf: claimStream },
      onList: (list) => pods.replace(list.items),
      onEvents: pods.follow,
    }),
  ]
  const tried = Promise.race([claimObjects.listed, refused.promise])
  return {
    listed: Promise.all([tried, ...others.map(({ listed }) => listed)]).then(() => {}),
    eipClaimsListed: claimObjects.listed,
    done: Promise.all([claimObjects, ...others].map(({ done }) => done)).then(() => {}),
  }
}

interface Followed {
  listed: Promise<void>
  done: Promise<void>
}

/** How one resource is followed; the callbacks return the keys of what changed. */
interface Following<T> {
  resource: Resource
  project: (object: KubeObject) => T
  /** The stream of the log that a key belongs to. */
  streamOf: (key: string) => string
  onList: (list: CompleteList<T>) => string[]
  onEvents: (events: ListWatchEvent<T>[], position: string) => string[]
  onRetry?: (error: unknown) => void
}
