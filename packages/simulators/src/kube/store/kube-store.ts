import type { KubeObject, WatchEvent } from '@pod-eip/kube'
import type { Clock, Ids } from '@pod-eip/runtime'
import { builtInTypes, initialObjects } from '../resources/built-in.ts'
import { customResourceDefinitions } from '../resources/custom/custom-resource-definitions.ts'
import { typesOfDefinition } from '../resources/custom/types-of-definition.ts'
import { notFound } from './api-error.ts'
import { createCore, type KubeSnapshot } from './core.ts'
import { createObject } from './create.ts'
import { type DeleteOptions, type DeleteResult, deleteObject } from './delete.ts'
import { settle } from './garbage/settle.ts'
import { type ListQuery, listObjects, type StoredPage, type WatchQuery, watchObjects } from './list.ts'
import { inVersion, type Operations, type WriteOptions } from './operations.ts'
import type { Patch } from './patch.ts'
import { patchObject } from './patch-object.ts'
import { createRegistry } from './registry.ts'
import type { ResourceRef, ResourceType } from './resource-type.ts'
import { bindPod, readScale, type Scale, writeScale } from './subresources.ts'
import { updateObject } from './update.ts'
import { seen } from './views.ts'

/**
 * The simulated API server's state machine. Synchronous: when a call returns, its effects have happened,
 * those of the garbage collector too, and the watchers know. Objects that come out are frozen and shared:
 * copy what is to be changed. Refusals are `ApiError`s with the API server's codes and reasons.
 */
export interface KubeStore {
  create(resource: ResourceRef, object: KubeObject, options?: WriteOptions): KubeObject
  /** 404 when there is none. */
  get(resource: ResourceRef, namespace: string | null, name: string): KubeObject
  list(resource: ResourceRef, query?: ListQuery): StoredPage
  /** Replaces it; 409 Conflict when `metadata.resourceVersion` is given and not the latest. */
  update(
    resource: ResourceRef,
    object: KubeObject,
    options?: WriteOptions & { subresource?: string },
  ): KubeObject
  patch(resource: ResourceRef, namespace: string | null, name: string, patch: Patch): KubeObject
  /** Asks for removal. `removed` is false while finalizers or a Pod's kubelet keep it. */
  delete(resource: ResourceRef, namespace: string | null, name: string, options?: DeleteOptions): DeleteResult
  /** Deletes everything that the query selects; returns what was selected. */
  deleteCollection(resource: ResourceRef, query?: ListQuery, options?: DeleteOptions): KubeObject[]
  /**
   * Calls back for every change after `resourceVersion` (from now on when absent), in order; changes that
   * are already known are told before this returns. 410 Expired when the history does not reach so far back; a
   * version that is yet to come is waited for in silence.
   */
  watch(resource: ResourceRef, query: WatchQuery, onEvent: (event: WatchEvent) => void): () => void
  /** Gives a Pod its Node, as the scheduler does through `pods/binding`. */
  bind(namespace: string, podName: string, nodeName: string): KubeObject
  getScale(resource: ResourceRef, namespace: string | null, name: string): Scale
  setScale(
    resource: ResourceRef,
    namespace: string | null,
    name: string,
    replicas: number,
    options?: WriteOptions,
  ): Scale
  /** What is served now. */
  resources(): ResourceType[]
  /** The version of the latest change. */
  resourceVersion(): string
  /** By the store's clock, for ages. */
  now(): number
  /** Forgets the changes so far: watches from before now are answered 410. */
  compact(): void
  snapshot(): KubeSnapshot
}

export interface KubeStoreOptions {
  clock: Clock
  ids: Ids
  /** State to go on from. */
  snapshot?: KubeSnapshot
  /** How many changes a watch can go back. Default 10,000. */
  historyLimit?: number
}

export function createKubeStore({
  clock,
  ids,
  snapshot,
  historyLimit = 10_000,
}: KubeStoreOptions): KubeStore {
  const core = createCore({ clock, ids, historyLimit, ...(snapshot ? { snapshot } : {}) })
  const registry = createRegistry(builtInTypes, typesOfDefinition)
  const operations: Operations = { core, registry }
  const see = (resource: ResourceRef) => seen(registry, resource)
  const get: KubeStore['get'] = (resource, namespace, name) => {
    const { type, shown } = see(resource)
    const found = core.find(type, namespace, name)
    if (!found) throw notFound(type, name)
    return shown(inVersion(type, found))
  }
  const settled = <T>(result: T): T => {
    settle(operations)
    return result
  }
  registry.setDefinitions(core.rows(customResourceDefinitions))
  if (!snapshot)
    for (const [type, object] of initialObjects) settled(createObject(operations, type, object, {}))

  return {
    get,
    create(resource, object, options = {}) {
      const { type, stored, shown } = see(resource)
      return shown(settled(createObject(operations, type, stored(object), options)))
    },
    list(resource, query = {}) {
      const { type, shown, storedQuery } = see(resource)
      const page = listObjects(operations, type, storedQuery(query))
      return { ...page, items: page.items.map(shown) }
    },
    update(resource, object, options = {}) {
      const { type, stored, shown } = see(resource)
      return shown(settled(updateObject(operations, type, stored(object), options)))
    },
    patch(resource, namespace, name, patch) {
      const place = see(resource)
      return place.shown(settled(patchObject(operations, place, namespace, name, patch)))
    },
    delete(resource, namespace, name, options = {}) {
      const { type, shown } = see(resource)
      const { object, removed } = settled(deleteObject(operations, type, namespace, name, options))
      return { object: shown(object), removed }
    },
    deleteCollection(resource, query = {}, options = {}) {
      const { type, shown, storedQuery } = see(resource)
      const { items } = listObjects(operations, type, storedQuery(query))
      for (const { metadata } of items) {
        if (core.find(type, metadata.namespace, metadata.name)) {
          settled(deleteObject(operations, type, metadata.namespace ?? null, metadata.name, options))
        }
      }
      return items.map(shown)
    },
    watch(resource, query, onEvent) {
      const { type, shownEvent, storedQuery } = see(resource)
      return watchObjects(operations, type, storedQuery(query), (event) => onEvent(shownEvent(event)))
    },
    bind: (namespace, podName, nodeName) => settled(bindPod(operations, namespace, podName, nodeName)),
    getScale: (resource, namespace, name) =>
      readScale(registry.find(resource), get(resource, namespace, name)),
    setScale(resource, namespace, name, replicas, options = {}) {
      const type = registry.find(resource)
      return settled(writeScale(operations, type, get(resource, namespace, name), replicas, options))
    },
    resources: () => registry.all(),
    resourceVersion: () => String(core.revision()),
    now: () => clock.now(),
    compact: () => core.history.forget(core.revision()),
    snapshot: () => core.snapshot(),
  }
}
