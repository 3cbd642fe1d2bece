import {
  type Cluster,
  KubeError,
  type KubeObject,
  type Resource,
  type WatchEvent,
  type WatchOptions,
} from '@pod-eip/kube'
import type { Clock } from '@pod-eip/runtime'
import { ApiError } from './store/api-error.ts'
import type { KubeStore } from './store/kube-store.ts'
import { apiVersionOf } from './store/registry.ts'
import type { ResourceRef } from './store/resource-type.ts'

export interface InMemoryClusterOptions {
  store: KubeStore
  clock: Clock
}

/** As often as a real API server sends them. */
const bookmarkEveryMs = 60_000

/** A real API server sends one more bookmark this long before it ends a watch. */
const lastBookmarkMs = 2_000

/** How long a watch runs that asks for no time: within the 30 to 60 minutes of a real API server. */
const defaultTimeoutSeconds = 2_700

/**
 * The port `Cluster` straight on the simulator's store: the same state machine as behind HTTP, without the
 * HTTP, and on any clock. Objects are frozen and shared with the store.
 */
export function createInMemoryCluster({ store, clock }: InMemoryClusterOptions): Cluster {
  return {
    list: async (resource, options = {}) => told(() => store.list(resource, options)),
    watch: (resource, options) => watch(store, clock, resource, options),
    get: async (resource, namespace, name) => nullWhenAbsent(() => store.get(resource, namespace, name)),
    create: async (resource, object) => told(() => store.create(resource, withKind(resource, object))),
    apply: async (resource, object, options) => {
      const { namespace, name } = object.metadata
      const patch = { type: 'apply' as const, body: withKind(resource, object), ...options }
      return told(() => store.patch(resource, namespace ?? null, name, patch))
    },
    mergePatch: async (resource, namespace, name, body, options = {}) =>
      told(() => store.patch(resource, namespace, name, { type: 'merge', body, ...options })),
    delete: async (resource, namespace, name, options = {}) =>
      nullWhenAbsent(() => store.delete(resource, namespace, name, options).object),
    resourceOf: async (apiVersion, kind) => resourceOf(store, apiVersion, kind),
  }
}

/** As discovery has it: the version named, else any other of the group. */
function resourceOf(store: KubeStore, apiVersion: string, kind: string): Resource | null {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : ''
  const served = store.resources().filter((type) => type.group === group && type.kind === kind)
  const found = served.find((type) => apiVersionOf(type) === apiVersion) ?? served[0]
  if (!found) return null
  const { version, plural, namespaced } = found
  return { group, version, plural, kind, namespaced }
}

async function* watch(
  store: KubeStore,
  clock: Clock,
  resource: ResourceRef,
  { signal, timeoutSeconds = defaultTimeoutSeconds, ...query }: WatchOptions,
): AsyncGenerator<WatchEvent> {
  if (signal?.aborted) return
  const waiting: WatchEvent[] = []
  let changed = Promise.withResolvers<void>()
  const tell = (event: WatchEvent) => {
    waiting.push(event)
    changed.resolve()
  }
  const over = new AbortController()
  const end = () => {
    over.abort()
    changed.resolve()
  }
  const unsubscribe = told(() => store.watch(resource, query, tell))
  signal?.addEventListener('abort', end, { once: true })
  const timed = keepTime(clock, timeoutSeconds * 1000, over.signal, () => {
    const resourceVersion = store.resourceVersion()
    // A version that is yet to come is waited for in silence.
    if (Number(resourceVersion) >= Number(query.resourceVersion ?? 0))
      tell({ type: 'BOOKMARK', resourceVersion })
  }).then(end)
  try {
    while (!signal?.aborted) {
      const event = waiting.shift()
      if (event !== undefined) {
        yield event
      } else if (over.signal.aborted) {
        return
      } else {
        changed = Promise.withResolvers()
        await changed.promise
      }
    }
  } finally {
    unsubscribe()
    signal?.removeEventListener('abort', end)
    end()
    await timed
  }
}

/** Calls for a bookmark when one is due, until the watch has had its time or is over. */
async function keepTime(
  clock: Clock,
  timeoutMs: number,
  over: AbortSignal,
  bookmark: () => void,
): Promise<void> {
  const endsAt = clock.now() + timeoutMs
  const lastAt = endsAt - lastBookmarkMs
  while (!over.aborted && clock.now() < endsAt) {
    const next = clock.now() < lastAt ? Math.min(clock.now() + bookmarkEveryMs, lastAt) : endsAt
    await clock.sleep(next - clock.now(), over)
    if (!over.aborted && clock.now() < endsAt) bookmark()
  }
}

/** Runs a call on the store; its refusals are told as the port tells them. */
function told<T>(call: () => T): T {
  try {
    return call()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new KubeError(error.code, error.reason, error.message, error.details.retryAfterSeconds)
  }
}

function nullWhenAbsent<T>(call: () => T): T | null {
  try {
    return told(call)
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return null
    throw error
  }
}

function withKind({ group, version, kind }: ResourceRef & { kind: string }, object: KubeObject): KubeObject {
  return { ...object, apiVersion: group === '' ? version : `${group}/${version}`, kind }
}
