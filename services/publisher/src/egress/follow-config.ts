import { type Cluster, configMaps, listWatch } from '@pod-eip/kube'
import type { Clock, Random } from '@pod-eip/runtime'
import { type SeenConfig, seeConfig } from './seen-config.ts'
import type { ConfigTarget } from './write-config.ts'

export interface FollowConfigDeps {
  cluster: Cluster
  target: ConfigTarget
  clock: Clock
  random: Random
  /** The ConfigMap as it is now; `null` when there is none. */
  onLook: (config: SeenConfig | null) => void
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
  const { cluster, target, clock, random, onLook, onRetry, signal } = deps
  const { namespace, name, annotation } = target
  const first = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => first.resolve(), { once: true })
  const look = (config: SeenConfig | null) => {
    onLook(config)
    first.resolve()
  }
  const watch = listWatch({
    ...{ cluster, resource: configMaps, namespace, fieldSelector: `metadata.name=${name}` },
    ...{ clock, random, signal },
    project: (object) => seeConfig(object, target, annotation),
    onList: ({ items }) => look(items[0] ?? null),
    onEvents: (changes) => {
      const last = changes.at(-1)
      if (last) look(last.type === 'DELETED' ? null : last.object)
    },
    onRetry: ({ error }) => onRetry(error),
  })
  return { looked: first.promise, done: watch.done }
}
