import type { KubeObject } from '@pod-eip/kube'
import { type Clock, seededIds, seededRandom } from '@pod-eip/runtime'
import { type ClusterSimulator, type ClusterSimulatorOptions, createClusterSimulator } from '../../cluster.ts'
import { createKubeStore, type KubeStore } from '../../store/kube-store.ts'
import type { NodeNetworkChange, PodNetworkChange } from '../driver/network.ts'
import { makeTkeNode, type TkeNodeOptions } from '../node/tke-node.ts'
import type { Pod } from '../shared/objects.ts'
import { nodes, pods, type Resource } from '../shared/resources.ts'

/** A simulated cluster on a clock that only moves when it is told to. */
export interface VirtualCluster {
  store: KubeStore
  simulator: ClusterSimulator
  podChanges: PodNetworkChange[]
  nodeChanges: NodeNetworkChange[]
  now(): number
  /** Lets this many seconds pass, doing everything that becomes due on the way. */
  pass(seconds: number): void
  /** Names of the Pods that are there, sorted. */
  podNames(): string[]
  pod(name: string): Pod
  /** Replaces the controllers by new ones over the same store, as a restart does. */
  restart(): void
}

/** A cluster with that many TKE nodes, whose delays are short and without jitter. */
export function virtualCluster(nodeCount: number, node: Partial<TkeNodeOptions> = {}): VirtualCluster {
  let now = Date.UTC(2026, 0, 1)
  const clock: Clock = { now: () => now, sleep: () => Promise.reject(new Error('nobody sleeps here')) }
  const random = seededRandom(7)
  const store = createKubeStore({ clock, ids: seededIds(random) })
  const podChanges: PodNetworkChange[] = []
  const nodeChanges: NodeNetworkChange[] = []
  const options: ClusterSimulatorOptions = {
    store,
    clock,
    random,
    config: {
      kubelet: { startMs: 1000, startJitterMs: 0, readyMs: 1000, terminationMs: 2000 },
      podGcDelayMs: 40_000,
      nodeMonitorGraceMs: 50_000,
    },
    onPodNetwork: (change) => podChanges.push(change),
    onNodeNetwork: (change) => nodeChanges.push(change),
  }
  let simulator = createClusterSimulator(options)
  for (let index = 0; index < nodeCount; index++) {
    store.create(nodes, makeTkeNode({ index, ...node }) as KubeObject)
  }
  const pass = (seconds: number) => {
    const end = now + seconds * 1000
    for (;;) {
      for (let steps = 0; simulator.step(); steps++) {
        if (steps > 10_000) throw new Error('the controllers do not come to rest')
      }
      const due = simulator.nextDueAt()
      if (due === null || due > end) break
      now = due
    }
    now = end
  }
  return {
    store,
    get simulator() {
      return simulator
    },
    podChanges,
    nodeChanges,
    now: () => now,
    pass,
    podNames: () =>
      store
        .list(pods)
        .items.map(({ metadata }) => metadata.name)
        .sort(),
    pod: (name) => store.get(pods, 'default', name) as unknown as Pod,
    restart() {
      simulator.stop()
      simulator = createClusterSimulator(options)
    },
  }
}

/** A Pod's template with one container that asks for these resources. */
export function template(
  labels: Record<string, string>,
  limits: Record<string, string> = {},
  image = 'app:1',
) {
  return {
    metadata: { labels },
    spec: { containers: [{ name: 'app', image, resources: { limits, requests: limits } }] },
  }
}

export function statefulSet(name: string, replicas: number, spec: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      serviceName: name,
      selector: { matchLabels: { app: name } },
      template: template({ app: name }),
      ...spec,
    },
  }
}

export function deployment(name: string, replicas: number, spec: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: template({ app: name }),
      ...spec,
    },
  }
}

export function barePod(name: string, spec: Record<string, unknown> = {}, metadata: object = {}): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', ...metadata },
    spec: { containers: [{ name: 'app', image: 'app:1' }], ...spec },
  }
}

/** Changes an object by a merge patch. */
export function change(
  { store }: VirtualCluster,
  resource: Resource,
  name: string,
  body: object,
  subresource?: 'status',
): void {
  const namespace = resource.namespaced ? 'default' : null
  store.patch(resource, namespace, name, { type: 'merge', body, ...(subresource ? { subresource } : {}) })
}
