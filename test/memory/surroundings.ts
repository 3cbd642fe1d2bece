import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres, startEmbeddedValkey } from '@pod-eip/devstack'
import { createHttpCluster, type HttpCluster, kubeConfigAccess, nodes } from '@pod-eip/kube'
import { systemClock, systemIds, systemRandom } from '@pod-eip/runtime'
import { createCloudSimulator, serveCloudSimulator } from '@pod-eip/simulators/cloud'
import {
  createClusterSimulator,
  createKubeStore,
  type KubeStore,
  makeTkeNode,
  serveKubeApi,
  writeKubeconfig,
} from '@pod-eip/simulators/kube'
import { followCluster } from '@pod-eip/simulators/pod-network'
import { asInPod } from './pod.ts'

const account = { uin: '100000000001', secretId: 'AKIDsimulated', secretKey: 'simulated' }
const region = 'ap-guangzhou'
/** CPUs of a Node, and the EIPs that one of that size has room for. */
const nodeSize = { cpu: 48, eips: 9 }

/** What a process under measurement has around it; nothing of it is in that process. */
export interface Surroundings {
  dir: string
  /** What leads a service there. */
  env: Record<string, string>
  /** What runs a service as in a Pod. */
  wrapper: string[]
  /** The cluster's objects themselves. */
  store: KubeStore
  close(): Promise<void>
}

/** Postgres and Redis as processes of their own, a simulated cluster with room for so many EIPs, a simulated cloud. */
export async function surround(eips: number): Promise<Surroundings> {
  const dir = await mkdtemp(join(tmpdir(), 'pod-eip-memory-'))
  const [postgres, valkey] = await Promise.all([
    startEmbeddedPostgres({ dataDir: join(dir, 'postgres'), throwAway: true }),
    startEmbeddedValkey(),
  ])
  const simulator = createCloudSimulator({
    ...{ clock: systemClock, random: systemRandom, ids: systemIds },
    config: { accounts: [account], regions: [region], quotas: { total: 2 * eips, daily: 10 * eips } },
  })
  const cloud = await serveCloudSimulator(simulator, { port: 0 })
  const cluster = await startCluster(dir, Math.ceil(eips / nodeSize.eips))
  const pod = await asInPod(cluster.url, dir)
  const stopping = new AbortController()
  const network = followCluster({
    ...{ cluster: cluster.client, region: simulator.region() },
    ...{ clock: systemClock, random: systemRandom, signal: stopping.signal },
  }).catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error
  })
  return {
    dir,
    store: cluster.store,
    wrapper: pod.wrapper,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: dir,
      DATABASE_URL: postgres.url,
      REDIS_URL: valkey.url,
      ...pod.env,
      POD_EIP_CLUSTER_ID: 'cls-memory',
      POD_EIP_API_PORT: '0',
      POD_EIP_CLOUD_ENDPOINT: cloud.url,
      TENCENTCLOUD_REGION: region,
      TENCENTCLOUD_SECRET_ID: account.secretId,
      TENCENTCLOUD_SECRET_KEY: account.secretKey,
    },
    async close() {
      stopping.abort()
      await network
      pod.close()
      await cluster.close()
      await cloud.close()
      await Promise.all([postgres.stop(), valkey.stop()])
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function startCluster(dir: string, count: number) {
  const store = createKubeStore({ clock: systemClock, ids: systemIds })
  for (let index = 0; index < count; index++) store.create(nodes, makeTkeNode({ index, cpu: nodeSize.cpu }))
  const controllers = createClusterSimulator({ store, clock: systemClock, random: systemRandom })
  const stopping = new AbortController()
  const running = controllers.run(stopping.signal)
  const served = await serveKubeApi(store, { port: 0, host: '127.0.0.1' })
  const kubeconfig = join(dir, 'kubeconfig')
  await writeKubeconfig(kubeconfig, served.url)
  const client: HttpCluster = createHttpCluster({
    access: await kubeConfigAccess({ path: kubeconfig }),
    userAgent: 'pod-eip-bench',
  })
  return {
    ...{ store, url: served.url, client },
    async close() {
      await client.close()
      stopping.abort()
      await running
      controllers.stop()
      await served.close()
    },
  }
}
