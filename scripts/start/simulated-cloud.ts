import type { Cluster } from '@pod-eip/kube'
import { systemClock, systemIds, systemRandom } from '@pod-eip/runtime'
import { createCloudSimulator, readStateFile, serveCloudSimulator } from '@pod-eip/simulators/cloud'
import { followCluster } from '@pod-eip/simulators/pod-network'

/** More than the 20 of a new account, so that there is room to play. */
const quotas = { total: 200, daily: 2_000 }
const account = { uin: '100000000001', secretId: 'AKIDsimulated', secretKey: 'simulated' }

/** The simulated Tencent Cloud over HTTP. */
export interface SimulatedCloud {
  /** What the services' environment needs to find it. */
  env: Record<string, string>
  url: string
  /** Plays the network of the cluster's Pods, until the signal aborts. */
  follow(cluster: Cluster, signal: AbortSignal): Promise<void>
  close(): Promise<void>
}

export async function startSimulatedCloud(
  stateFile: string,
  region: string,
  port: number,
): Promise<SimulatedCloud> {
  const snapshot = await readStateFile(stateFile)
  const simulator = createCloudSimulator({
    clock: systemClock,
    random: systemRandom,
    ids: systemIds,
    config: { accounts: [account], regions: [region], quotas },
    ...(snapshot && { snapshot }),
  })
  const served = await serveCloudSimulator(simulator, { port, stateFile })
  return {
    url: served.url,
    env: {
      POD_EIP_CLOUD_ENDPOINT: served.url,
      TENCENTCLOUD_REGION: region,
      TENCENTCLOUD_SECRET_ID: account.secretId,
      TENCENTCLOUD_SECRET_KEY: account.secretKey,
    },
    follow: (cluster, signal) =>
      followCluster({
        cluster,
        region: simulator.region({ region }),
        clock: systemClock,
        random: systemRandom,
        signal,
      }),
    close: () => served.close(),
  }
}
