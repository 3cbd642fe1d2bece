import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import type { ServiceName } from '../e2e/harness/services.ts'
import { callsOfCloud, requestsOfCluster } from './steps/of-http.ts'
import { allOfPostgres, writesOfPostgres } from './steps/of-postgres.ts'
import { movesOfRedis } from './steps/of-redis.ts'
import { type BreakableWire, startBreakableWire } from './wire/breakable-wire.ts'
import { startHttpWire } from './wire/http-wire.ts'
import { startPostgresWire } from './wire/postgres-wire.ts'
import { startRedisWire } from './wire/redis-wire.ts'
import type { Passing, Wire } from './wire/wire.ts'

/** What a service needs, each behind a wire of its own. */
export const needs = ['postgres', 'redis', 'cloud', 'cluster'] as const
export type Need = (typeof needs)[number]

/** Where the services find what they need. */
export interface Targets {
  databaseUrl: string
  redisUrl: string
  cloudUrl: string
  /** Path of a kubeconfig. */
  kubeconfig: string
}

/** The wires of one process, and the environment that leads over them. */
export interface ServiceWires<W extends Wire = Wire> {
  env: Record<string, string>
  wires: Record<Need, W>
  reset(): void
  close(): Promise<void>
}

interface KubeConfig {
  clusters: { cluster: { server: string; 'certificate-authority-data'?: string } }[]
}

/**
 * Wires that name each step of a service as it passes.
 * @param told when it says false, nothing that is under way on any of them goes further
 */
export async function startNamingWires(
  service: ServiceName,
  targets: Targets,
  dir: string,
  told: Passing,
): Promise<ServiceWires> {
  let together: ServiceWires | undefined
  const passing: Passing = (when, step) => {
    const goesOn = told(when, step)
    if (!goesOn) together?.reset()
    return goesOn
  }
  const config: KubeConfig = parse(await readFile(targets.kubeconfig, 'utf8'))
  const { server, 'certificate-authority-data': ca } = config.clusters[0]!.cluster
  const [postgres, redis, cloud, cluster] = await Promise.all([
    startPostgresWire(targets.databaseUrl, service === 'api' ? allOfPostgres : writesOfPostgres, passing),
    startRedisWire(targets.redisUrl, movesOfRedis(), passing),
    startHttpWire({ server: targets.cloudUrl }, callsOfCloud, passing),
    startHttpWire(
      { server, ca: ca === undefined ? undefined : Buffer.from(ca, 'base64').toString() },
      requestsOfCluster,
      passing,
    ),
  ])
  together = await serviceWires({ postgres, redis, cloud, cluster }, config, dir)
  return together
}

/** Wires that break when asked to. */
export async function startBreakableWires(
  targets: Targets,
  dir: string,
): Promise<ServiceWires<BreakableWire>> {
  const config: KubeConfig = parse(await readFile(targets.kubeconfig, 'utf8'))
  const [postgres, redis, cloud, cluster] = await Promise.all([
    startBreakableWire(targets.databaseUrl),
    startBreakableWire(targets.redisUrl),
    startBreakableWire(targets.cloudUrl),
    startBreakableWire(config.clusters[0]!.cluster.server),
  ])
  return serviceWires({ postgres, redis, cloud, cluster }, config, dir)
}

async function serviceWires<W extends Wire>(
  wires: Record<Need, W>,
  config: KubeConfig,
  dir: string,
): Promise<ServiceWires<W>> {
  const kubeconfig = await writeKubeconfig(config, wires.cluster.url, dir)
  return {
    wires,
    env: {
      DATABASE_URL: wires.postgres.url,
      REDIS_URL: wires.redis.url,
      POD_EIP_CLOUD_ENDPOINT: wires.cloud.url.replace(/\/$/, ''),
      KUBECONFIG: kubeconfig,
    },
    reset() {
      for (const wire of Object.values(wires)) wire.reset()
    },
    async close() {
      await Promise.all(Object.values(wires).map((wire) => wire.close()))
    },
  }
}

/** The same access at another address; over plain HTTP there is no certificate to verify. */
async function writeKubeconfig(config: KubeConfig, server: string, dir: string): Promise<string> {
  const clusters = config.clusters.map(({ cluster, ...named }) => {
    const { 'certificate-authority-data': ca } = cluster
    const verified = server.startsWith('https:') && ca ? { 'certificate-authority-data': ca } : {}
    return { ...named, cluster: { server, ...verified } }
  })
  const path = join(await mkdtemp(join(dir, 'access-')), 'kubeconfig')
  await writeFile(path, stringify({ ...config, clusters }), { mode: 0o600 })
  return path
}
