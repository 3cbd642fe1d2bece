import { join } from 'node:path'
import { kwokAnnotation } from '@pod-eip/devstack/real-cluster'
import { createHttpCluster, type HttpCluster, kubeConfigAccess, nodes } from '@pod-eip/kube'
import { systemClock, systemIds, systemRandom } from '@pod-eip/runtime'
import {
  createClusterSimulator,
  createKubeStore,
  makeTkeNode,
  serveKubeApi,
  writeKubeconfig,
} from '@pod-eip/simulators/kube'
import type { AuditedRequest } from './audit.ts'
import type { ClusterKind } from './cluster-kind.ts'
import type { Way } from './installed-manifests.ts'
import { useRealCluster } from './real-cluster/shared-cluster.ts'
import type { ServiceName } from './services.ts'

/** A cluster with its controllers, scheduler and kubelets, reached over HTTP alone. */
export interface TestCluster {
  /** An administrator's. */
  kubeconfig: string
  /** What a service reaches the cluster with: on a real one the rights that the manifests give it, and no other. */
  kubeconfigOf(service: ServiceName): string
  /** What the services have asked of it so far; nothing on a simulated cluster, which knows no rights. */
  audited(): Promise<AuditedRequest[]>
  /** The tests' own connection. */
  client: HttpCluster
  close(): Promise<void>
}

/**
 * Starts a cluster with one Node for each CPU count, made as TKE makes them.
 * @param way for whose processes the manifests give rights
 */
export async function startCluster(
  kind: ClusterKind,
  cpus: number[],
  dir: string,
  way: Way = 'separate',
): Promise<TestCluster> {
  const server = kind === 'simulated' ? await startSimulated(dir) : await useRealCluster(dir, way)
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
    kubeconfigOf: server.kubeconfigOf,
    audited: server.audited,
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
    kubeconfigOf: () => kubeconfig,
    audited: async () => [],
    async close() {
      stopping.abort()
      await running
      controllers.stop()
      await served.close()
    },
  }
}
