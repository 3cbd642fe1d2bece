import type { Cluster } from '@pod-eip/kube'
import { SettingsError, systemClock } from '@pod-eip/runtime'
import { regionOf } from './choices.ts'
import { onPreferredPort } from './preferred-port.ts'
import type { Run } from './run-context.ts'
import { say } from './say.ts'

/** That of the simulator when it runs by itself. */
const preferredPort = 9999

/** The cloud of this start. */
export interface OpenedCloud {
  /** What the services' environment needs to find it. */
  env: Record<string, string>
  /** Plays the network of the cluster's Pods, until the signal aborts; absent where there is a real one. */
  follow?: (cluster: Cluster, signal: AbortSignal) => Promise<void>
}

/** Starts the simulated cloud, or finds out as whom the real one is called. */
export async function openCloud(run: Run): Promise<OpenedCloud> {
  return run.settings.cloud === 'simulated' ? simulatedCloud(run) : tencentCloud(run)
}

async function simulatedCloud({ settings, dir, cleanup }: Run): Promise<OpenedCloud> {
  const { startSimulatedCloud } = await import('./simulated-cloud.ts')
  const started = await onPreferredPort(preferredPort, (port) =>
    startSimulatedCloud(dir.file('cloud.json'), regionOf(settings), port),
  )
  cleanup.add(() => started.close())
  say(`  cloud       simulated Tencent Cloud at ${started.url}`)
  return started
}

/** @throws SettingsError when the environment has no credential */
async function tencentCloud({ settings, env }: Run): Promise<OpenedCloud> {
  const { credentialsFromEnv } = await import('@pod-eip/cloud')
  try {
    credentialsFromEnv(env, { clock: systemClock })
  } catch (error) {
    throw new SettingsError((error as Error).message)
  }
  const where = env.POD_EIP_CLOUD_ENDPOINT ? ` at ${env.POD_EIP_CLOUD_ENDPOINT}` : ''
  say(`  cloud       Tencent Cloud ${regionOf(settings)}${where}; EIPs are tagged ${settings.clusterId}`)
  return { env: {} }
}
