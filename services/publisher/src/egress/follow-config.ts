import { type Cluster, configMaps, listWatch } from '@pod-eip/kube'
import type { Clock, Random } from '@pod-eip/runtime'
import type { ObjectCache } from '../object-cache.ts'
import { type SeenConfig, seeConfig } from './seen-config.ts'
import type { ConfigTarget } from './write-config.ts'

export interface FollowConfigDeps {
  cluster: Cluster
  target: ConfigTarget
  clock: Clock
  random: Random
  /** What is known of the ConfigMap, kept up to date. */
  view: ObjectCache<SeenConfig>
  /** It was looked for. */
  onLook: () => void
  /** It cannot be read, and is tried again. */
  onRetry: (error: unknown) => void
  signal: AbortSignal
}

/** Follows the one ConfigMap. */
export function followConfig(deps: FollowConfigDeps): {
  /** Resolves when it was looked for, or the signal aborts. */
  looked: Promise<void>
  /** Resolves after the signal has aborted. */
  done: Promise<void>
} {
  const { cluster, target, clock, random, view, onLook, onRetry, signal } = deps
  const { namespace, name, annotation } = target
  const first = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => first.resolve(), { once: true })
  const look = () => {
    onLook()
    first.resolve()
  }
  const watch = listWatch({
    ...{ cluster, resource: configMaps, namespace, fieldSelector: `metadata.name=${name}` },
    ...{ clock, random, signal },
    project: (object) => seeConfig(object, target, annotation),
    onList: (list) => {
      view.replace(list)
      look()
    },
    onEvents: (changes, position) => {
      if (view.follow(changes, position).length > 0) look()
    },
    onRetry: ({ error }) => onRetry(error),
  })
  return { looked: first.promise, done: watch.done }
}
