import type { Clock, Random } from '@pod-eip/runtime'
import { type Concern, concernsOf } from './controllers/driver/concerns.ts'
import {
  type ControllerName,
  type ControllersConfig,
  type ControllersContext,
  reconcile,
} from './controllers/driver/controllers.ts'
import { createNetwork, type NetworkHooks, type NetworkState } from './controllers/driver/network.ts'
import { createObjectCache } from './controllers/driver/object-cache.ts'
import { perform } from './controllers/driver/perform.ts'
import { refusalEvent } from './controllers/driver/refusal-event.ts'
import { createWorkQueue } from './controllers/driver/work-queue.ts'
import { defaultKubeletConfig, type KubeletConfig } from './controllers/kubelet/config.ts'
import { defaultSubnetConfig } from './controllers/kubelet/register-node.ts'
import type { Action } from './controllers/shared/actions.ts'
import type { AnyObject, Node, Pod } from './controllers/shared/objects.ts'
import * as resources from './controllers/shared/resources.ts'
import { ApiError } from './store/api-error.ts'
import type { KubeStore } from './store/kube-store.ts'

export type ClusterConfig = Partial<Omit<ControllersConfig, 'kubelet'>> & { kubelet?: Partial<KubeletConfig> }

export interface ClusterSimulatorOptions extends NetworkHooks {
  store: KubeStore
  clock: Clock
  random: Random
  config?: ClusterConfig
}

/** The controllers, the scheduler and the kubelets of a cluster, at work on one store. */
export interface ClusterSimulator {
  /** Does the next thing that is due, synchronously; `false` when nothing is. */
  step(): boolean
  /** When `step` will have something to do (ms since the epoch); `null` until somebody changes something. */
  nextDueAt(): number | null
  /** Works in real time, woken by changes and due times, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>
  /** Every Node's network interface and the private addresses on it, as they are now. */
  networkState(): NetworkState
  /** Stops following the store. */
  stop(): void
}

const defaults: ControllersConfig = {
  ...defaultSubnetConfig,
  kubelet: defaultKubeletConfig,
  nodeMonitorGraceMs: 50_000,
  podGcDelayMs: 40_000,
  eventTtlMs: 3_600_000,
}

/**
 * A cluster's controllers over `store`. All their state is in the store: a second simulator over the same
 * store goes on where the first one was stopped.
 */
export function createClusterSimulator(options: ClusterSimulatorOptions): ClusterSimulator {
  const { store, clock, random } = options
  const config = {
    ...defaults,
    ...options.config,
    kubelet: { ...defaults.kubelet, ...options.config?.kubelet },
  }
  const cache = createObjectCache(resources.pods, resources.nodes)
  let wake = () => {}
  const queue = createWorkQueue(() => wake())
  const failures = new Map<string, number>()
  const enqueue = (concerns: Concern[]) => {
    for (const [controller, key] of concerns) queue.add(`${controller} ${key}`)
  }

  let network: ReturnType<typeof createNetwork> | null = null
  const stops = followed.map((resource) =>
    follow(store, resource, (object, gone) => {
      const change = cache.apply({ resource, object, gone })
      if (resource === resources.pods) {
        network?.podChanged(change.after as Pod | undefined, change.before as Pod | undefined)
      }
      if (resource === resources.nodes) {
        network?.nodeChanged(change.after as Node | undefined, change.before as Node | undefined)
      }
      enqueue(concernsOf(change, cache))
    }),
  )
  network = createNetwork(cache.list<Node>(resources.nodes), cache.list<Pod>(resources.pods), options)
  const context: ControllersContext = { cache, network, random, config, since: new Map() }

  const act = (action: Action, now: number) =>
    perform(action, { store, network: context.network, random, node: cache.node, now })
  const work = (key: string, now: number) => {
    const [controller, objectKey] = key.split(' ') as [ControllerName, string]
    const { actions, again } = reconcile(controller, objectKey, context, now)
    if (again === undefined) queue.clearTime(key)
    else queue.addAt(key, again)
    for (const action of actions) {
      try {
        act(action, now)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        const count = failures.get(key) ?? 0
        failures.set(key, count + 1)
        queue.addAt(key, now + backoffMs(count))
        const told = count === 0 ? refusalEvent(action, error.message) : null
        if (told) act(told, now)
        return
      }
    }
    failures.delete(key)
  }
  const step = () => {
    const now = clock.now()
    const key = queue.take(now)
    if (key === null) return false
    work(key, now)
    return true
  }
  return {
    step,
    nextDueAt: () => queue.nextDueAt(clock.now()),
    networkState: () => context.network.state(),
    stop() {
      for (const stop of stops) stop()
    },
    async run(signal) {
      const onAbort = () => wake()
      signal.addEventListener('abort', onAbort, { once: true })
      while (!signal.aborted) {
        for (let i = 0; i < stepsPerTurn && step(); i++);
        const now = clock.now()
        const idle = new AbortController()
        wake = () => idle.abort()
        const due = queue.nextDueAt(now)
        await clock.sleep(due === null ? longestSleepMs : Math.min(due - now, longestSleepMs), idle.signal)
      }
      wake = () => {}
      signal.removeEventListener('abort', onAbort)
    },
  }
}

/** Everything that there is of a resource, then every change of it. */
function follow(
  store: KubeStore,
  resource: resources.Resource,
  onChange: (object: AnyObject, gone: boolean) => void,
): () => void {
  const { items, resourceVersion } = store.list(resource)
  for (const object of items) onChange(object, false)
  return store.watch(resource, { resourceVersion }, (event) => {
    if (event.type !== 'BOOKMARK') onChange(event.object, event.type === 'DELETED')
  })
}

// The store's requests are answered in the same thread: after so many steps it is their turn.
const stepsPerTurn = 50
// Timers cannot count further than about 24 days; waking for nothing once an hour costs nothing.
const longestSleepMs = 3_600_000

/** As in client-go: 5 ms, doubled at each failure, at most 30 s here. */
function backoffMs(failures: number): number {
  return Math.min(30_000, 5 * 2 ** Math.min(failures, 20))
}

const followed = [
  resources.nodes,
  resources.statefulSets,
  resources.controllerRevisions,
  resources.deployments,
  resources.replicaSets,
  resources.daemonSets,
  resources.jobs,
  resources.pods,
  resources.events,
]
