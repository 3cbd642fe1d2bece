import type { KubeObject } from '@pod-eip/kube'
import { expect } from 'vitest'
import type { ApiAnswer, ApiClient } from '../../api-server/api-client.ts'

/** An API server under the contract: an empty cluster with the definition of EIPClaim. */
export interface ApiServerSubject {
  api: ApiClient
  /** The same for somebody with a token that it did not give. */
  stranger: ApiClient
  /** Lets it forget all but the present: old versions cannot be listed or watched from. */
  forget(): Promise<void>
  stop(): Promise<void>
}

/** Content types of the kinds of patches. */
export const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const

/** What the tests of the contract share; `api` is there once they run. Paths of collections end without a slash. */
export interface ApiScene {
  readonly api: ApiClient
  forget(): Promise<void>
  /** A name that no other test has. */
  fresh(): string
  /** GET with a token that the server did not give. */
  stranger(path: string): Promise<ApiAnswer>
  get(path: string, accept?: string): Promise<ApiAnswer>
  post(path: string, body: unknown): Promise<ApiAnswer>
  put(path: string, body: unknown): Promise<ApiAnswer>
  patch(kind: keyof typeof patchTypes, path: string, body: unknown): Promise<ApiAnswer>
  delete(path: string, options?: object): Promise<ApiAnswer>
  /** Creates an object in a collection, which must work. */
  made(collection: string, object: object): Promise<KubeObject>
  /** Makes a ConfigMap in `default`. */
  configMap(name: string, more?: { data?: object; metadata?: object }): Promise<KubeObject>
}

/** Collections that the tests use. */
export const collections = {
  namespaces: '/api/v1/namespaces',
  configMaps: '/api/v1/namespaces/default/configmaps',
  secrets: '/api/v1/namespaces/default/secrets',
  pods: '/api/v1/namespaces/default/pods',
  nodes: '/api/v1/nodes',
  events: '/api/v1/namespaces/default/events',
  leases: '/apis/coordination.k8s.io/v1/namespaces/default/leases',
  deployments: '/apis/apps/v1/namespaces/default/deployments',
  eipClaims: '/apis/networking.tke.cloud.tencent.com/v1/namespaces/default/eipclaims',
  definitions: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
} as const

export function createScene(subject: () => ApiServerSubject): ApiScene {
  let serial = 0
  const call: ApiClient['call'] = (path, request) => subject().api.call(path, request)
  const made: ApiScene['made'] = async (collection, object) => {
    const { status, body } = await call(collection, { method: 'POST', body: object })
    expect(status, JSON.stringify(body)).toBe(201)
    return body
  }
  return {
    get api() {
      return subject().api
    },
    forget: () => subject().forget(),
    stranger: (path) => subject().stranger.call(path),
    fresh() {
      serial += 1
      return `a${serial}`
    },
    get: (path, accept) => call(path, accept ? { accept } : {}),
    post: (path, body) => call(path, { method: 'POST', body }),
    put: (path, body) => call(path, { method: 'PUT', body }),
    patch: (kind, path, body) => call(path, { method: 'PATCH', contentType: patchTypes[kind], body }),
    delete: (path, options) =>
      call(path, { method: 'DELETE', ...(options ? { body: { ...deleteOptions, ...options } } : {}) }),
    made,
    configMap: (name, { data = {}, metadata = {} } = {}) =>
      made(collections.configMaps, {
        ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data },
      }),
  }
}

const deleteOptions = { apiVersion: 'v1', kind: 'DeleteOptions' }

/** An EIPClaim; unlike what is built in, its kind has to be said. */
export function claim(name: string, spec: object = { source: 'auto' }): object {
  return { apiVersion: 'networking.tke.cloud.tencent.com/v1', kind: 'EIPClaim', metadata: { name }, spec }
}

/** An unscheduled Pod of one container. */
export function pod(name: string, more: { metadata?: object; spec?: object } = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...more.metadata },
    spec: { containers: [{ name: 'app', image: 'example.com/app:1' }], ...more.spec },
  }
}

/** The names of the items of a list. */
export function names({ body }: ApiAnswer): string[] {
  return (body.items as KubeObject[]).map(({ metadata }) => metadata.name)
}

/** Expects an error answer, and gives its Status. */
// biome-ignore lint/suspicious/noExplicitAny: a Status, of which each test looks at its own part
export function refused({ status, body }: ApiAnswer, code: number, reason: string): any {
  expect(body).toMatchObject({ kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason })
  expect(status).toBe(code)
  return body
}
