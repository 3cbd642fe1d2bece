import { join } from 'node:path'
import { kwokAnnotation, startRealCluster } from '@pod-eip/devstack/real-cluster'
import { createHttpCluster, type HttpCluster, kubeConfigAccess, nodes } from '@pod-eip/kube'
import { systemClock, systemIds, systemRandom } from '@pod-eip/runtime'
import {
  createClusterSimulator,
  createKubeStore,
  makeTkeNode,
  serveKubeApi,
  writeKubeconfig,
} from '@pod-eip/simulators/kube'

/** Where a test runs: the simulated cluster, or a real control plane whose kubelets kwok plays. */
export type ClusterKind = 'simulated' | 'kubernetes'

/** A cluster with its controllers, scheduler and kubelets, reached over HTTP alone. */
export interface TestCluster {
  kubeconfig: string
  /** The tests' own connection. */
  client: HttpCluster
  close(): Promise<void>
}

/** Starts a cluster with one Node for each CPU count, made as TKE makes them. */
export async function startCluster(kind: ClusterKind, cpus: number[], dir: string): Promise<TestCluster> {
  const server = kind === 'simulated' ? await startSimulated(dir) : await startReal()
  const client = createHttpCluster({
    access: await kubeConfigAccess({ path: server.kubeconfig }),
    userAgent: 'pod-eip-e2e',
  })
  for (const [index, cpu] of cpus.entries()) {
    const node = makeTkeNode({ index, cpu })
    const annotations = { [kwokAnnotation.name]: kwokAnnotation.value }
    await client.create(nodes, { ...node, metadata: { ...node.metadata, annotations } })
  }
  return {
    kubeconfig: server.kubeconfig,
    client,
    async close() {
      await client.close()
      await server.close()
    },
  }
}

async function startSimulated(dir: string) {
  const store = createKubeStore({ clock: systemClock, ids: systemIds })
  const controllers = createClusterSimulator({
    store,
    clock: systemClock,
    random: systemRandom,
    config: {
      kubelet: { startMs: 200, startJitterMs: 300, readyMs: 100, terminationMs: 300 },
      podGcDelayMs: 2_000,
    },
  })
  const stopping = new AbortController()
  const running = controllers.run(stopping.signal)
  const served = await serveKubeApi(store, { port: 0, host: '127.0.0.1' })
  const kubeconfig = join(dir, 'kubeconfig')
  await writeKubeconfig(kubeconfig, served.url)
  return {
    kubeconfig,
    async close() {
      stopping.abort()
      await running
      controllers.stop()
      await served.close()
    },
  }
}

async function startReal() {
  const real = await startRealCluster({ controllerManager: true, scheduler: true, kwok: true })
  return { kubeconfig: real.kubeconfig, close: () => real.stop() }
}
