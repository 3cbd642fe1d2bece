import { systemClock } from '@pod-eip/runtime'
import type { createKubeStore } from '@pod-eip/simulators/kube'

type KubeStore = ReturnType<typeof createKubeStore>

/** A request that reached the API server. */
export interface CountedCall {
  /** Such as `patch pods/status`. */
  what: string
  /** Epoch ms. */
  at: number
}

const counted = ['get', 'create', 'patch', 'delete'] as const

/** The store as the API server uses it, with its calls of single objects on record. */
export function countCalls(store: KubeStore): { store: KubeStore; calls: CountedCall[] } {
  const calls: CountedCall[] = []
  const watched = new Proxy(store, {
    get(target, property: keyof KubeStore) {
      const own = target[property]
      if (!(counted as readonly string[]).includes(property)) return own
      return (...args: unknown[]) => {
        const { plural } = args[0] as { plural: string }
        const { subresource } = (args[3] ?? {}) as { subresource?: string }
        calls.push({
          what: `${property} ${plural}${subresource ? `/${subresource}` : ''}`,
          at: systemClock.now(),
        })
        return (own as (...args: unknown[]) => unknown).apply(target, args)
      }
    },
  })
  return { store: watched, calls }
}
