import { type Cluster, KubeError, type Resource, type WatchEvent } from '@pod-eip/kube'
import { systemClock } from '@pod-eip/runtime'
import { ApiError, createInMemoryCluster, type KubeStore } from '@pod-eip/simulators/kube'

export interface StoreCluster extends Pick<Cluster, 'list' | 'watch' | 'get' | 'resourceOf'> {
  /** Complete lists asked for, by resource. */
  lists: Map<string, number>
  /** Ends every watch, as an API server does that goes down. */
  cut(): void
  /** Holds back what watches of a resource have to tell, until it is let go: they lag behind. Returns how to let go. */
  hold(resource: Resource): () => void
}

/** The reading side of a simulated API server, without HTTP between. */
export function storeCluster(store: KubeStore): StoreCluster {
  const lists = new Map<string, number>()
  const cuts = new Set<() => void>()
  const held = new Map<string, Promise<void>>()
  return {
    lists,
    cut() {
      for (const end of [...cuts]) end()
    },
    hold(resource) {
      const { promise, resolve } = Promise.withResolvers<void>()
      held.set(resource.plural, promise)
      return () => {
        held.delete(resource.plural)
        resolve()
      }
    },
    async list(resource, options = {}) {
      if (options.continue === undefined) lists.set(resource.plural, (lists.get(resource.plural) ?? 0) + 1)
      return answered(() => store.list(resource, options))
    },
    resourceOf: createInMemoryCluster({ store, clock: systemClock }).resourceOf,
    async get(resource, namespace, name) {
      try {
        return answered(() => store.get(resource, namespace, name))
      } catch (error) {
        if (error instanceof KubeError && error.status === 404) return null
        throw error
      }
    },
    async *watch(resource, { resourceVersion, signal }) {
      const queue: WatchEvent[] = []
      let ended = false
      let wake = Promise.withResolvers<void>()
      const stop = answered(() =>
        store.watch(resource, { resourceVersion }, (event) => {
          queue.push(event)
          wake.resolve()
        }),
      )
      const end = () => {
        ended = true
        wake.resolve()
      }
      cuts.add(end)
      signal?.addEventListener('abort', end, { once: true })
      if (signal?.aborted) end()
      try {
        while (!ended) {
          await held.get(resource.plural)
          yield* queue.splice(0)
          if (queue.length > 0) continue
          wake = Promise.withResolvers()
          if (!ended) await wake.promise
        }
      } finally {
        cuts.delete(end)
        signal?.removeEventListener('abort', end)
        stop()
      }
    },
  }
}

function answered<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    if (error instanceof ApiError) throw new KubeError(error.code, error.reason, error.message)
    throw error
  }
}
