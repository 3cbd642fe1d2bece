import { performance } from 'node:perf_hooks'
import { createPool } from '@pod-eip/event-log'
import { type Cluster, createHttpCluster } from '@pod-eip/kube'
import { createPostgresReadModels } from '@pod-eip/read-models'
import { chooseApiPort } from './api-port.ts'
import { appliesExamples, regionOf, servicesEnvironment } from './choices.ts'
import { together } from './cleanup.ts'
import { openCloud } from './cloud.ts'
import { openCluster } from './cluster.ts'
import { applyDemo } from './demo.ts'
import { checkRedis, hostOf, prepareDatabase } from './external-stores.ts'
import { showClaims } from './live-claims.ts'
import type { Run } from './run-context.ts'
import { say, shownPath } from './say.ts'
import { openStores } from './stores.ts'

/** Starts everything, then shows the claims until the signal aborts. */
export async function run(context: Run): Promise<void> {
  const { settings, dir, signal } = context
  const stores = openStores(settings, dir, context.cleanup)
  // Loaded while the stores start, which takes processes of their own.
  const loading = import('./services.ts')
  const [postgres, redis, cluster, cloud, { runServices }] = await together([
    openDatabase(stores.postgres, settings.databaseSchema),
    openQueue(stores.redis),
    openCluster(context),
    openCloud(context),
    loading,
  ])
  if (signal.aborted) return

  const client = createHttpCluster({ access: cluster.access, userAgent: 'pod-eip-start' })
  context.cleanup.add(() => client.close())
  playNetwork(context, cloud.follow, client)

  const apiPort = await chooseApiPort(context.env)
  const env = servicesEnvironment(settings, context.env, {
    databaseUrl: postgres,
    redisUrl: redis,
    apiPort,
    logFile: dir.file('pod-eip.log'),
    simulated: { ...cluster.env, ...cloud.env },
  })
  const services = await runServices(env)
  context.cleanup.add(() => services.stop())
  dir.remember({
    DATABASE_URL: postgres,
    REDIS_URL: redis,
    POD_EIP_DATABASE_SCHEMA: settings.databaseSchema,
    POD_EIP_CLUSTER: 'kubernetes',
    POD_EIP_ENABLE_EGRESS: String(settings.egress),
    ...(context.env.KUBECONFIG && { KUBECONFIG: context.env.KUBECONFIG }),
    // Keys are among these only where the cloud is simulated, and everybody knows them.
    ...{ ...cluster.env, ...cloud.env },
  })
  context.cleanup.add(() => dir.forget())
  say(`  api         http://127.0.0.1:${apiPort}/api/claims`)
  say(`  log         ${shownPath(dir.file('pod-eip.log'))}`)
  say(`ready after ${(performance.now() / 1000).toFixed(1)} s`)

  if (appliesExamples(settings)) {
    const applied = await applyDemo(client, process.cwd(), dir)
    for (const { what, file } of applied) say(`applied ${what} from ${file}`)
  }
  say('')
  const pool = createPool({ url: postgres, applicationName: 'pod-eip start', max: 2 })
  context.cleanup.add(() => pool.end())
  const readModels = createPostgresReadModels(pool, settings.databaseSchema)
  const setting = { simulated: cluster.simulated, dir: shownPath(dir.path) }
  await Promise.race([showClaims({ readModels, setting, signal }), services.failed])
}

async function openDatabase(opening: ReturnType<typeof openStores>['postgres'], schema: string) {
  const { url, description } = await opening
  await prepareDatabase(url, schema)
  say(`  event log   ${description ?? `Postgres at ${hostOf(url)}`}`)
  return url
}

async function openQueue(opening: ReturnType<typeof openStores>['redis']) {
  const { url, description } = await opening
  await checkRedis(url)
  say(`  queue       ${description ?? `Redis at ${hostOf(url)}`}`)
  return url
}

/** The simulated cloud must know which addresses the cluster's Pods have; the real one does. */
function playNetwork(
  { cleanup, settings }: Run,
  follow: ((cluster: Cluster, signal: AbortSignal) => Promise<void>) | undefined,
  cluster: Cluster,
): void {
  if (!follow) return
  const background = new AbortController()
  cleanup.add(() => background.abort())
  follow(cluster, background.signal).catch((error: unknown) => {
    if (background.signal.aborted) return
    say(`pod-eip: the simulated network of ${regionOf(settings)} stopped: ${String(error)}`)
  })
}
