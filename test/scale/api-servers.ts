import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startRealCluster } from '@pod-eip/devstack/real-cluster'
import {
  createHttpCluster,
  customResourceDefinitions,
  eipClaimCrd,
  ensureCrd,
  type HttpCluster,
  type KubeObject,
  kubeConfigAccess,
  type Resource,
} from '@pod-eip/kube'
import { seededIds, seededRandom, systemClock } from '@pod-eip/runtime'
import { createKubeStore, serveKubeApi, writeKubeconfig } from '@pod-eip/simulators/kube'
import { atOnce } from '../bench/measure.ts'

/** An API server without anything behind it: Pods stay as they were created. */
export interface ApiServer {
  description: string
  kubeconfig: string
  cluster: HttpCluster
  create(resource: Resource, objects: KubeObject[]): Promise<void>
  /** From now on a watch from any resourceVersion before this is answered 410. */
  forgetHistory(): Promise<void>
  stop(): Promise<void>
}

/** A kube-apiserver with etcd where `KUBEBUILDER_ASSETS` names one, else the simulated one. */
export function startApiServer(): Promise<ApiServer> {
  return process.env.KUBEBUILDER_ASSETS ? startRealApiServer() : startSimulatedApiServer()
}

async function startRealApiServer(): Promise<ApiServer> {
  // Nobody runs here who would give the namespaces their ServiceAccounts.
  const apiServerFlags = { 'disable-admission-plugins': 'ServiceAccount' }
  const real = await startRealCluster({ apiServerFlags })
  const cluster = createHttpCluster({ access: await kubeConfigAccess({ path: real.kubeconfig }) })
  await ensureCrd(cluster)
  return {
    ...{ cluster, kubeconfig: real.kubeconfig, description: 'kube-apiserver of KUBEBUILDER_ASSETS' },
    create: (resource, objects) => atOnce(objects.length, 32, (i) => cluster.create(resource, objects[i]!)),
    // An API server knows only what has happened since its start.
    forgetHistory: () => real.restart('kube-apiserver'),
    async stop() {
      await cluster.close()
      await real.stop()
    },
  }
}

export async function startSimulatedApiServer(): Promise<ApiServer> {
  const directory = await mkdtemp(join(tmpdir(), 'pod-eip-scale-'))
  const store = createKubeStore({ clock: systemClock, ids: seededIds(seededRandom(1)) })
  const served = await serveKubeApi(store, { host: '127.0.0.1', port: 0 })
  const kubeconfig = join(directory, 'kubeconfig')
  await writeKubeconfig(kubeconfig, served.url)
  store.create(customResourceDefinitions, eipClaimCrd)
  const cluster = createHttpCluster({ access: await kubeConfigAccess({ path: kubeconfig }) })
  return {
    ...{ cluster, kubeconfig, description: 'the simulated API server' },
    async create(resource, objects) {
      for (const object of objects) store.create(resource, object)
    },
    forgetHistory: async () => store.compact(),
    async stop() {
      await cluster.close()
      await served.close()
      await rm(directory, { recursive: true })
    },
  }
}
