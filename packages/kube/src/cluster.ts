import { presentable } from '@pod-eip/runtime'
/**
 * The cluster: the part of the Kubernetes API that pod-eip speaks, as a narrow port. The real adapter
 * speaks HTTP to an API server; the in-memory one drives the simulator's state machine directly.
 * Failures are {@link KubeError}s.
 */
export interface Cluster {
  /** One page of a list. Safe to repeat. `continue` is absent on the last page. */
  list(resource: Resource, options?: ListOptions): Promise<ListPage>
  /**
   * Watches from a resourceVersion; ends when the server ends it or `signal` aborts; throws KubeError 410
   * when the version is too old. Delivers at least once per reader's position: a reader that reconnects
   * from the last resourceVersion it handled misses nothing.
   */
  watch(resource: Resource, options: WatchOptions): AsyncIterable<WatchEvent>
  /** `null` when there is none. */
  get(resource: Resource, namespace: string | null, name: string): Promise<KubeObject | null>
  /** Fails with 409 AlreadyExists when repeated under the same name. */
  create(resource: Resource, object: KubeObject): Promise<KubeObject>
  /** Server-side apply: idempotent; owns exactly the fields in `object` for `fieldManager`. */
  apply(resource: Resource, object: KubeObject, options: ApplyOptions): Promise<KubeObject>
  /** JSON merge patch: idempotent unless it carries a resourceVersion. 404 when the object is gone. */
  mergePatch(
    resource: Resource,
    namespace: string | null,
    name: string,
    patch: object,
    options?: PatchOptions,
  ): Promise<KubeObject>
  /** Deletes; `null` when there was nothing. With `uid`, 409 when another object has the name now. */
  delete(
    resource: Resource,
    namespace: string | null,
    name: string,
    options?: { uid?: string },
  ): Promise<KubeObject | null>
  /**
   * The resource that serves objects of a kind: in the version named or, when that is no longer served, in another
   * of its group; `null` when there is none. Safe to repeat; asks the API server each time.
   */
  resourceOf(apiVersion: string, kind: string): Promise<Resource | null>
}

/** Which resource: the path of its collection. */
export interface Resource {
  /** '' for the core group. */
  group: string
  version: string
  plural: string
  kind: string
  namespaced: boolean
}

export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata: ObjectMeta
  // biome-ignore lint/suspicious/noExplicitAny: objects of any resource; readers validate at the border
  [field: string]: any
}

export interface ObjectMeta {
  name: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string | null
  deletionTimestamp?: string
  deletionGracePeriodSeconds?: number
  labels?: Record<string, string>
  annotations?: Record<string, string>
  finalizers?: string[]
  ownerReferences?: OwnerReference[]
  managedFields?: unknown[]
  generateName?: string
}

export interface OwnerReference {
  apiVersion: string
  kind: string
  name: string
  uid: string
  controller?: boolean
  blockOwnerDeletion?: boolean
}

export interface ListOptions {
  namespace?: string
  /** Page size. */
  limit?: number
  continue?: string
  labelSelector?: string
  fieldSelector?: string
  /**
   * Gets each object as soon as it is read, and `items` of the page is empty: a large list is then never in memory as
   * it was sent. What it throws, the list rejects with. Adapters that have the objects in memory anyway ignore it.
   */
  onObject?: (object: KubeObject) => void
}

export interface ListPage {
  items: KubeObject[]
  resourceVersion: string
  continue?: string
}

export interface WatchOptions {
  resourceVersion: string
  namespace?: string
  labelSelector?: string
  fieldSelector?: string
  /** The server ends the watch after this many seconds. */
  timeoutSeconds?: number
  signal?: AbortSignal
}

export type WatchEvent =
  | { type: 'ADDED' | 'MODIFIED' | 'DELETED'; object: KubeObject }
  /** Only `metadata.resourceVersion` is set: everything up to it has been delivered. */
  | { type: 'BOOKMARK'; resourceVersion: string }

export interface ApplyOptions {
  fieldManager: string
  /** Take fields over from other managers instead of failing with 409. */
  force?: boolean
  subresource?: 'status'
}

export interface PatchOptions {
  fieldManager?: string
  subresource?: 'status'
}

/** An admission webhook, or a broken object, says as much as it likes; a Status names some fields that are wrong. */
const longestMessage = 2_000

/** An error answer of the API server, or none (`status` 0). Its message is fit to be shown. */
export class KubeError extends Error {
  override readonly name = 'KubeError'
  /** HTTP status; 0 when there was no answer. */
  readonly status: number
  /** The Status object's reason, such as Conflict, AlreadyExists, Expired. */
  readonly reason: string
  /** From Retry-After, when the server gave one. */
  readonly retryAfterSeconds: number | undefined

  constructor(status: number, reason: string, message: string, retryAfterSeconds?: number) {
    super(presentable(message, longestMessage))
    this.status = status
    this.reason = reason
    this.retryAfterSeconds = retryAfterSeconds
  }
}
