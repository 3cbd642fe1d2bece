import {
  type Cluster,
  eipClaims,
  ensureCrd,
  KubeError,
  type ListWatch,
  listWatch,
  nodes as nodeResource,
  pods as podResource,
} from '@pod-eip/kube'
import type { Clock, Logger, Random } from '@pod-eip/runtime'
import { seeObject } from './claim-object/claim-object.ts'
import type { ObjectCache } from './claim-object/object-cache.ts'
import type { NodePublisher } from './node/node-publisher.ts'
import type { DueCorrection, MarkWatch } from './pod/mark-watch.ts'
import { claimStream, nodeStream } from './publication.ts'

export interface FollowClusterDeps {
  cluster: Cluster
  cache: ObjectCache
  nodes: NodePublisher
  marks: MarkWatch
  /** Something was seen that may have to be put right. */
  onChange: (stream: string) => void
  signal: AbortSignal
  clock: Clock
  random: Random
  logger: Logger
}

/** What the cluster shows of EIPClaims, Nodes and the marks of Pods, kept up to date. */
export interface ClusterView {
  /** Resolves when EIPClaims and Nodes were listed, or the signal aborts. */
  listed: Promise<void>
  /** Resolves after the signal has aborted. */
  done: Promise<void>
}

/** Follows EIPClaims, Nodes and the marks of Pods, and reports those that changed otherwise than by our own writes. */
export function followCluster(deps: FollowClusterDeps): ClusterView {
  const { cluster, cache, nodes, marks, onChange, signal, clock, random, logger } = deps
  const listed = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const
  signal.addEventListener('abort', () => listed.forEach((one) => void one.resolve()), { once: true })
  const changed = (streams: string[]) => streams.forEach(onChange)
  const common = { cluster, signal, clock, random }

  const objects: ListWatch = listWatch({
    ...common,
    resource: eipClaims,
    project: seeObject,
    onList: (list) => {
      changed(cache.replace(list).map(claimStream))
      listed[0].resolve()
    },
    onEvents: (events, position) => changed(cache.follow(events, position).map(claimStream)),
    onRetry: ({ error, failures, delayMs }) => {
      logger.warn({ err: error, failures, delayMs }, 'EIPClaims cannot be read and are tried again')
      if (error instanceof KubeError && error.status === 404) void restoreCrd()
    },
  })
  const nodeWatch: ListWatch = listWatch({
    ...common,
    resource: nodeResource,
    project: nodes.see,
    onList: (list) => {
      changed(nodes.replace(list.items).map(nodeStream))
      listed[1].resolve()
    },
    onEvents: (events) => changed(nodes.follow(events).map(nodeStream)),
    onRetry: ({ error, failures, delayMs }) =>
      logger.warn({ err: error, failures, delayMs }, 'Nodes cannot be read and are tried again'),
  })

  // Nothing waits for its list: without the right to it only what others write on Pods goes unnoticed.
  const podWatch: ListWatch = listWatch({
    ...common,
    resource: podResource,
    project: marks.see,
    onList: (list) => correct(marks.replace(list.items, clock.now())),
    onEvents: (events) => correct(marks.follow(events, clock.now())),
    onRetry: ({ error, failures, delayMs }) =>
      logger.warn({ err: error, failures, delayMs }, 'Pods cannot be read and are tried again'),
  })

  function correct(due: DueCorrection[]): void {
    for (const { key, at } of due) {
      const waitMs = at - clock.now()
      if (waitMs <= 0) onChange(claimStream(key))
      else void clock.sleep(waitMs, signal).then(() => onChange(claimStream(key)))
    }
  }

  /** Somebody deleted the definition, and every EIPClaim with it: both come back. */
  async function restoreCrd(): Promise<void> {
    try {
      await ensureCrd(cluster, { clock })
    } catch (error) {
      logger.error({ err: error }, 'the cluster does not serve EIPClaims')
    }
  }

  return {
    listed: Promise.all(listed.map((one) => one.promise)).then(() => {}),
    done: Promise.all([objects.done, nodeWatch.done, podWatch.done]).then(() => {}),
  }
}
