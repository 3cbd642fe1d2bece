import { SettingsError, type SettingsOf } from '@pod-eip/runtime'
import type { startSettings } from './start-settings.ts'

export type StartSettings = SettingsOf<typeof startSettings>

/** What is embedded or simulated, and what is the user's own: the first thing that is printed. */
export function describeChoices(settings: StartSettings): string {
  const { databaseUrl, redisUrl, cluster, cloud } = settings
  const stores =
    Boolean(databaseUrl) === Boolean(redisUrl)
      ? `stores ${databaseUrl ? 'external' : 'embedded'}`
      : `Postgres ${databaseUrl ? 'external' : 'embedded'}, Redis ${redisUrl ? 'external' : 'embedded'}`
  return `pod-eip: ${stores}, cluster ${cluster}, cloud ${cloud}`
}

/** What deserves a word although it is no mistake. */
export function choiceNotes(settings: StartSettings, env: NodeJS.ProcessEnv): string[] {
  const notes: string[] = []
  if (settings.cluster === 'simulated' && env.KUBECONFIG)
    notes.push('  KUBECONFIG is left alone: only POD_EIP_CLUSTER=kubernetes uses the cluster that it names')
  if (settings.fresh && settings.databaseUrl)
    notes.push('  --fresh leaves the Postgres of DATABASE_URL as it is: name another POD_EIP_DATABASE_SCHEMA')
  if (settings.cluster === 'simulated' && settings.cloud === 'tencent')
    notes.push(
      '  a cloud knows nothing of the Pods of a simulated cluster: their EIPs are allocated, and paid, but never bound',
    )
  return notes
}

/** Examples cost nothing only where all is simulated. */
export function appliesExamples({ cluster, cloud, withoutDemo }: StartSettings): boolean {
  return cluster === 'simulated' && cloud === 'simulated' && !withoutDemo
}

/**
 * Refuses combinations that would surprise, before anything is started.
 * @throws SettingsError
 */
export function checkChoices({ cloud, region, clusterId }: StartSettings): void {
  if (cloud !== 'tencent') return
  if (region === undefined)
    throw new SettingsError('TENCENTCLOUD_REGION is not set: give the region, such as ap-guangzhou.')
  // Two clusters with the same mark in one account would release each other's EIPs.
  if (clusterId === undefined)
    throw new SettingsError(
      "POD_EIP_CLUSTER_ID is not set: give a name that marks this cluster's EIPs in your account, such as cls-0a1b2c3d.",
    )
}

/** Where the parts of this start are. */
export interface Places {
  databaseUrl: string
  redisUrl: string
  apiPort: string
  logFile: string
  /** What leads to the simulated cluster and cloud; nothing for real ones. */
  simulated: Record<string, string>
}

/** The environment that the services read: the user's, with what `npm start` has chosen. */
export function servicesEnvironment(
  settings: StartSettings,
  env: NodeJS.ProcessEnv,
  places: Places,
): NodeJS.ProcessEnv {
  return {
    ...env,
    POD_EIP_CLUSTER_ID: settings.clusterId ?? 'cls-local',
    POD_EIP_LOG_LEVEL: settings.logLevel ?? 'warn',
    POD_EIP_DATABASE_SCHEMA: settings.databaseSchema,
    TENCENTCLOUD_REGION: regionOf(settings),
    ...(settings.claimExpired !== undefined && { POD_EIP_CLAIM_EXPIRED_DURATION: settings.claimExpired }),
    POD_EIP_ENABLE_OWNERREF: String(settings.cascade),
    POD_EIP_ENABLE_EGRESS: String(settings.egress),
    ...places.simulated,
    // The simulated cluster speaks the same protocol.
    POD_EIP_CLUSTER: 'kubernetes',
    DATABASE_URL: places.databaseUrl,
    REDIS_URL: places.redisUrl,
    POD_EIP_LOG_FILE: places.logFile,
    POD_EIP_API_PORT: places.apiPort,
  }
}

/** The region of the real cloud, or that which the simulated one plays. */
export function regionOf(settings: StartSettings): string {
  return settings.region ?? 'ap-guangzhou'
}
