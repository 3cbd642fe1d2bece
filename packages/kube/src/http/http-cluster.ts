import type { Dispatcher } from 'undici'
import type { ClusterAccess } from '../access/cluster-access.ts'
import { type Cluster, KubeError, type KubeObject, type Resource } from '../cluster.ts'
import { createConnections } from './connections.ts'
import { discoverResource } from './discover.ts'
import { readBody, readErrorBody } from './read-body.ts'
import { readList } from './read-list.ts'
import { queryString, resourcePath } from './resource-path.ts'
import { connectionError, errorFromAnswer } from './status-error.ts'
import { readWatchEvents } from './watch-stream.ts'

export interface HttpClusterOptions {
  access: ClusterAccess
  /** Until a request is answered in full, and until the answer to a list or watch begins or goes on. Default 30 s. */
  requestTimeoutMs?: number
  /** Longest object taken, in a watch event, a list, or by itself. */
  maxObjectBytes?: number
  userAgent?: string
}

/** No object in etcd exceeds 1.5 MiB; in JSON it may grow a few times. What is longer is none. */
const largestObjectBytes = 16 * 1024 * 1024

/** A page of a list is large, and takes its time on a slow link; as long as it goes on it is waited for. */
const longestListFactor = 10

/** The real cluster, to be closed when done: ends its watches and connections. */
export interface HttpCluster extends Cluster {
  close(): Promise<void>
}

interface Request {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  path: string
  body?: object
  contentType?: string
}

/**
 * Speaks to an API server over HTTP/1.1. A reader of our own rather than `@kubernetes/client-node`'s: half
 * the CPU time and memory on large clusters, and its errors are all told.
 */
export function createHttpCluster(options: HttpClusterOptions): HttpCluster {
  const { access } = options
  const timeoutMs = options.requestTimeoutMs ?? 30_000
  const maxObjectBytes = options.maxObjectBytes ?? largestObjectBytes
  const userAgent = options.userAgent ?? 'pod-eip'
  const connections = createConnections(access, timeoutMs)
  const { origin, pathname } = new URL(access.server)
  const prefix = pathname.replace(/\/$/, '')

  async function attempt(request: Request, kind: 'requests' | 'watches', signal: AbortSignal | undefined) {
    const { headers, tls } = await access.credentials()
    return connections[kind](tls).request({
      origin,
      path: prefix + request.path,
      method: request.method,
      headers: {
        ...headers,
        accept: 'application/json',
        'user-agent': userAgent,
        ...(request.body ? { 'content-type': request.contentType ?? 'application/json' } : {}),
      },
      // As a string its length is known and sent, which the API server needs on a DELETE.
      ...(request.body ? { body: JSON.stringify(request.body) } : {}),
      ...(signal ? { signal } : {}),
    })
  }

  /** Sends; a 401 renews the credentials and tries once more, which is safe because nothing has happened. */
  async function send(request: Request, kind: 'requests' | 'watches', signal?: AbortSignal) {
    try {
      const answer = await attempt(request, kind, signal)
      if (answer.statusCode !== 401) return answer
      await answer.body.dump()
      access.renew()
      return await attempt(request, kind, signal)
    } catch (error) {
      throw connectionError(label(request), error)
    }
  }

  /** Sends and lets `read` have the body of a good answer; throws what any other one tells. */
  async function answered<T>(
    request: Request,
    withinMs: number,
    read: (body: AsyncIterable<Uint8Array>) => Promise<T>,
  ): Promise<T> {
    const { statusCode, headers, body } = await send(request, 'requests', AbortSignal.timeout(withinMs))
    try {
      if (statusCode >= 200 && statusCode <= 299) return await read(body)
      throw errorFromAnswer(label(request), statusCode, headers, await readErrorBody(body))
    } finally {
      // Ends the connection when the body was not read to its end.
      body.on('error', () => {}).destroy()
    }
  }

  async function call<T>(request: Request): Promise<T> {
    const text = await answered(request, timeoutMs, (body) => readBody(label(request), body, maxObjectBytes))
    try {
      return JSON.parse(text) as T
    } catch {
      throw new KubeError(
        0,
        'BrokenAnswer',
        `${label(request)}: the answer is not JSON; is ${origin} an API server?`,
      )
    }
  }

  async function callOrNull<T>(request: Request): Promise<T | null> {
    try {
      return await call<T>(request)
    } catch (error) {
      if (error instanceof KubeError && error.status === 404) return null
      throw error
    }
  }

  return {
    async list(resource, { namespace, onObject, ...query } = {}) {
      const path = resourcePath(resource, namespace) + queryString({ ...query })
      const request: Request = { method: 'GET', path }
      const items: KubeObject[] = []
      const take = onObject ?? ((object) => items.push(object))
      const place = await answered(request, timeoutMs * longestListFactor, (body) =>
        readList(label(request), body, maxObjectBytes, take),
      )
      return { items, ...place }
    },

    async *watch(resource, { namespace, signal, ...query }) {
      if (signal?.aborted) return
      const parameters = { watch: true, allowWatchBookmarks: true, ...query }
      const path = resourcePath(resource, namespace) + queryString(parameters)
      const request: Request = { method: 'GET', path }
      let answer: Dispatcher.ResponseData
      try {
        answer = await send(request, 'watches', signal)
      } catch (error) {
        if (signal?.aborted) return
        throw error
      }
      try {
        if (answer.statusCode !== 200) {
          const body = await readErrorBody(answer.body)
          if (signal?.aborted) return
          throw errorFromAnswer(label(request), answer.statusCode, answer.headers, body)
        }
        yield* readWatchEvents(label(request), answer.body, signal, maxObjectBytes)
      } finally {
        // Ends the connection when the consumer leaves early; otherwise the body has ended already.
        answer.body.on('error', () => {}).destroy()
      }
    },

    get: (resource, namespace, name) =>
      callOrNull<KubeObject>({ method: 'GET', path: resourcePath(resource, namespace, name) }),

    create: (resource, object) =>
      call<KubeObject>({
        method: 'POST',
        path: resourcePath(resource, object.metadata.namespace),
        body: withKind(resource, object),
      }),

    apply: (resource, object, { fieldManager, force, subresource }) =>
      call<KubeObject>({
        method: 'PATCH',
        path:
          resourcePath(resource, object.metadata.namespace, object.metadata.name, subresource) +
          queryString({ fieldManager, force }),
        // JSON is YAML.
        contentType: 'application/apply-patch+yaml',
        body: withKind(resource, object),
      }),

    mergePatch: (resource, namespace, name, patch, { fieldManager, subresource } = {}) =>
      call<KubeObject>({
        method: 'PATCH',
        path: resourcePath(resource, namespace, name, subresource) + queryString({ fieldManager }),
        contentType: 'application/merge-patch+json',
        body: patch,
      }),

    async delete(resource, namespace, name, { uid } = {}) {
      const path = resourcePath(resource, namespace, name)
      const body = uid && { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } }
      const answer = await callOrNull<KubeObject>({ method: 'DELETE', path, ...(body ? { body } : {}) })
      return answer?.kind === 'Status' ? deletedObject(namespace, name, answer) : answer
    },

    resourceOf: (apiVersion, kind) =>
      discoverResource((path) => callOrNull<object>({ method: 'GET', path }), apiVersion, kind),

    close: () => connections.close(),
  }
}

/** An object that is gone at once is answered by a Status that names its uid. */
function deletedObject(namespace: string | null, name: string, status: KubeObject): KubeObject {
  const uid: unknown = status.details?.uid
  return {
    metadata: { name, ...(namespace ? { namespace } : {}), ...(typeof uid === 'string' ? { uid } : {}) },
  }
}

function withKind(resource: Resource, object: KubeObject): KubeObject {
  const apiVersion = resource.group === '' ? resource.version : `${resource.group}/${resource.version}`
  return { ...object, apiVersion, kind: resource.kind }
}

function label({ method, path }: Request): string {
  return `${method} ${path}`
}
