import {
  type ClusterAccess,
  createHttpCluster,
  eipClaims,
  type HttpCluster,
  type KubeObject,
  nodes,
  type OwnerReference,
  pods,
  type Resource,
  staticAccess,
} from '@pod-eip/kube'
import { expect, vi } from 'vitest'
import { inMemory, reclaimFinalizer, scene } from '../testing/scene.ts'
import type { ApiUnderTest } from './api-under-test.ts'
import { type FaultyProxy, startFaultyProxy } from './faulty-proxy.ts'
import { type JumpingClock, jumpingClock } from './jumping-clock.ts'
import { expectTruth } from './truth.ts'

/** Restarts of a real API server, and back-offs, are waited out. */
export const waiting = { timeout: 90_000, interval: 50 }

export const statefulSets: Resource = {
  ...{ group: 'apps', version: 'v1', plural: 'statefulsets', kind: 'StatefulSet', namespaced: true },
}
const podSpec = { containers: [{ name: 'main', image: 'main' }] }
const asks = { 'tke.cloud.tencent.com/eip-attributes': '{}' }

/** A watcher that reaches its API server through a proxy that does it no good, and an empty log. */
export interface NetworkScene {
  api: ApiUnderTest
  proxy: FaultyProxy
  clock: JumpingClock
  /** Starts the watcher; resolves when it is ready. */
  start(access?: ClusterAccess): Promise<void>
  stop(): Promise<void>
  health(): ReturnType<Awaited<ReturnType<ReturnType<typeof scene>['start']>>['watcher']['health']>
  /** Waits until the watcher has recorded exactly this, in any order, and holds the log against the cluster. */
  recorded(...wanted: string[]): Promise<void>
  /** What it has recorded so far. */
  facts(): Promise<string[]>
  /** Waits until the log says of the cluster what is true. */
  truth(): Promise<void>
  /** Complete lists of a resource that were asked for. */
  lists(plural: string): number
  pod(name: string, more?: Partial<KubeObject['metadata']>): Promise<KubeObject>
  node(name: string): Promise<KubeObject>
  eipClaim(name: string): Promise<KubeObject>
  /** A StatefulSet; returns how its Pods refer to it. */
  workload(name: string): Promise<OwnerReference>
  remove(resource: Resource, name: string): Promise<void>
  /** Leads to {@link whatHappened}. */
  somethingHappens(): Promise<void>
  close(): Promise<void>
}

export const whatHappened = [
  'PodObserved default/web-0',
  'PodEnded default/web-0 Deleted',
  'PodObserved default/web-1',
]

/** Longer than a watch may bring nothing. */
export const stallMs = 151_000

export async function setNetworkScene(api: ApiUnderTest): Promise<NetworkScene> {
  await clear(api.admin)
  const proxy = await startFaultyProxy(api)
  const clock = jumpingClock()
  const it = scene(inMemory(clock), clock)
  const clusters: HttpCluster[] = []
  let running: Awaited<ReturnType<typeof it.start>> | undefined
  const namespaceOf = ({ namespaced }: Resource) => (namespaced ? 'default' : null)

  const pod: NetworkScene['pod'] = (name, more = {}) =>
    api.admin.create(pods, {
      metadata: { name, namespace: 'default', annotations: asks, ...more },
      spec: podSpec,
    })
  const remove: NetworkScene['remove'] = async (resource, name) => {
    await api.admin.delete(resource, namespaceOf(resource), name)
  }

  /** In short, as `scene` tells them; without that a Pod is terminating, which a real API server shows before its end. */
  async function facts(): Promise<string[]> {
    return (await it.log.read({ after: 0, limit: 10_000 }))
      .filter(({ type, data }) => type !== 'ClusterIdentified' && data.terminating !== true)
      .map(({ type, data }) => [type, data.claim ?? data.node, data.reason].filter(Boolean).join(' '))
  }

  return {
    api,
    proxy,
    clock,
    async start(access = staticAccess({ server: proxy.url, token: api.token })) {
      const cluster = createHttpCluster({ access, requestTimeoutMs: 5_000 })
      clusters.push(cluster)
      running = await it.start({ cluster })
    },
    stop: async () => running?.stop(),
    health: () => running!.watcher.health(),
    async recorded(...wanted) {
      await vi.waitFor(async () => expect((await facts()).sort()).toEqual(wanted.sort()), waiting)
      await expectTruth(it.log, api.admin)
    },
    facts,
    truth: () => vi.waitFor(() => expectTruth(it.log, api.admin), waiting),
    lists: (plural) => proxy.requests.filter((request) => request === `list ${plural}`).length,
    pod,
    remove,
    async somethingHappens() {
      await pod('web-0')
      await pod('web-1')
      await remove(pods, 'web-0')
    },
    node: (name) => api.admin.create(nodes, { metadata: { name } }),
    eipClaim: (name) =>
      api.admin.create(eipClaims, {
        metadata: { name, namespace: 'default', finalizers: [reclaimFinalizer] },
        spec: { source: 'auto' },
      }),
    async workload(name) {
      const labels = { app: name }
      const { metadata } = await api.admin.create(statefulSets, {
        metadata: { name, namespace: 'default' },
        spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec } },
      })
      return { apiVersion: 'apps/v1', kind: 'StatefulSet', name, uid: metadata.uid!, controller: true }
    },
    async close() {
      await it.stopAll()
      for (const cluster of clusters) await cluster.close()
      await proxy.close()
    },
  }
}

/** Leaves nothing of the scene before. */
async function clear(admin: HttpCluster): Promise<void> {
  for (const resource of [statefulSets, pods, nodes, eipClaims]) {
    for (const { metadata } of (await admin.list(resource)).items) {
      const namespace = metadata.namespace ?? null
      if (metadata.finalizers)
        await admin.mergePatch(resource, namespace, metadata.name, { metadata: { finalizers: null } })
      await admin.delete(resource, namespace, metadata.name)
    }
  }
}
