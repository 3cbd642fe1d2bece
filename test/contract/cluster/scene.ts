import {
  type Cluster,
  KubeError,
  type KubeObject,
  pods,
  type Resource,
  type WatchEvent,
  type WatchOptions,
} from '@pod-eip/kube'
import { expect } from 'vitest'

/** A cluster under the contract. It needs the namespaces default and kube-system. */
export interface ContractSubject {
  cluster: Cluster
  /** A resourceVersion of Pods that can no longer be watched from. */
  expiredVersion: () => Promise<string>
  stop: () => Promise<void>
}

/** What the tests of the contract share; `cluster` is there once they run. */
export interface ClusterScene {
  readonly cluster: Cluster
  expiredVersion(): Promise<string>
  /** A name of this test alone, which {@link pod} and {@link claim} also give as the label `test`. */
  fresh(): string
  pod(name: string, more?: { labels?: Record<string, string>; finalizers?: string[] }): KubeObject
  claim(name: string, spec?: object): KubeObject
  /** Why a request is refused. */
  refusal(promise: Promise<unknown>): Promise<KubeError>
  /** The resourceVersion of this moment. */
  now(resource?: Resource): Promise<string>
  /** Reads the watch until `enough`, then leaves it. */
  watched(
    resource: Resource,
    options: WatchOptions,
    enough: (seen: WatchEvent[]) => boolean,
  ): Promise<WatchEvent[]>
}

export function createScene(subject: () => ContractSubject): ClusterScene {
  let serial = 0
  let own = ''
  return {
    get cluster() {
      return subject().cluster
    },
    expiredVersion: () => subject().expiredVersion(),
    fresh() {
      serial += 1
      own = `t${serial}`
      return own
    },
    pod: (name, { labels, finalizers } = {}) => ({
      metadata: {
        ...{ name, namespace: 'default', labels: { test: own, ...labels } },
        ...(finalizers ? { finalizers } : {}),
      },
      spec: { containers: [{ name: 'app', image: 'example.com/app:1' }] },
    }),
    claim: (name, spec = { source: 'auto' }) => ({
      metadata: { name, namespace: 'default', labels: { test: own } },
      spec,
    }),
    async refusal(promise) {
      const error = await promise.then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(KubeError)
      return error as KubeError
    },
    now: async (resource = pods) => (await subject().cluster.list(resource, { limit: 1 })).resourceVersion,
    async watched(resource, options, enough) {
      const seen: WatchEvent[] = []
      for await (const event of subject().cluster.watch(resource, options)) {
        seen.push(event)
        if (enough(seen)) break
      }
      return seen
    },
  }
}

/** What a watch told, such as `ADDED web-0`, without its bookmarks. */
export function changes(seen: WatchEvent[]): string[] {
  return seen.flatMap((event) =>
    event.type === 'BOOKMARK' ? [] : [`${event.type} ${event.object.metadata.name}`],
  )
}
