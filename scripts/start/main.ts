import { setTimeout as delay } from 'node:timers/promises'
import { createPool } from '@pod-eip/event-log'
import { accessFromEnvironment, createHttpCluster } from '@pod-eip/kube'
import { createPostgresReadModels } from '@pod-eip/read-models'
import { describeSettings, readSettings, SettingsError } from '@pod-eip/runtime'
import { chooseApiPort } from './api-port.ts'
import { createClaimTable } from './claim-table.ts'
import { openDataDir } from './data-dir.ts'
import { applyDemo } from './demo.ts'
import { nextSteps } from './next-steps.ts'
import { runServices } from './services.ts'
import { startSimulatedCloud } from './simulated-cloud.ts'
import { startSimulatedCluster } from './simulated-cluster.ts'
import { startSettings } from './start-settings.ts'
import { openStores } from './stores.ts'

/** How often the table is brought up to date, in ms. */
const refreshMs = 250

/** `npm start`: the whole of pod-eip, with whatever is not given embedded or simulated. */
async function main(): Promise<void> {
  const settings = readSettings(startSettings, process.env, process.argv.slice(2))
  if (settings.help) return say(`npm start -- [flags]\n\n${describeSettings(startSettings)}`)
  const began = Date.now()
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())

  // Undone in the opposite order, whatever happens.
  const undo: (() => Promise<unknown> | void)[] = []
  try {
    const dir = openDataDir(settings.dir, settings.fresh)
    undo.push(() => dir.unlock())
    say(
      `pod-eip: stores ${settings.databaseUrl ? 'external' : 'embedded'}, cluster ${settings.cluster}, cloud ${settings.cloud}`,
    )

    const stores = await openStores(settings, dir)
    undo.push(() => stores.stop())
    say(`  event log   ${stores.descriptions.database}`)
    say(`  queue       ${stores.descriptions.redis}`)

    const simulatedCluster =
      settings.cluster === 'simulated' ? await startSimulatedCluster(dir, settings.region) : null
    if (simulatedCluster) undo.push(() => simulatedCluster.close())
    const clusterEnv = simulatedCluster?.env ?? {}
    const access = await accessFromEnvironment({
      ...process.env,
      POD_EIP_CLUSTER: 'kubernetes',
      ...clusterEnv,
    })
    const cluster = createHttpCluster({ access, userAgent: 'pod-eip-start' })
    undo.push(() => cluster.close())
    say(
      `  cluster     ${simulatedCluster ? `simulated at ${simulatedCluster.url}, kubeconfig ${simulatedCluster.kubeconfig}` : access.server}`,
    )

    const simulatedCloud =
      settings.cloud === 'simulated'
        ? await startSimulatedCloud(dir.file('cloud.json'), settings.region, 0)
        : null
    if (simulatedCloud) undo.push(() => simulatedCloud.close())
    say(
      `  cloud       ${simulatedCloud ? `simulated Tencent Cloud at ${simulatedCloud.url}` : `Tencent Cloud, ${settings.region}`}`,
    )

    const background = new AbortController()
    undo.push(() => background.abort())
    simulatedCloud?.follow(cluster, background.signal).catch((error: unknown) => {
      if (!background.signal.aborted) say(`pod-eip: the simulated network stopped: ${String(error)}`)
    })

    const env: NodeJS.ProcessEnv = {
      ...process.env,
      POD_EIP_CLUSTER_ID: settings.clusterId ?? 'cls-local',
      POD_EIP_LOG_LEVEL: settings.logLevel ?? 'warn',
      TENCENTCLOUD_REGION: settings.region,
      ...(settings.claimExpired !== undefined && { POD_EIP_CLAIM_EXPIRED_DURATION: settings.claimExpired }),
      ...clusterEnv,
      ...simulatedCloud?.env,
      POD_EIP_CLUSTER: 'kubernetes',
      DATABASE_URL: stores.databaseUrl,
      REDIS_URL: stores.redisUrl,
      POD_EIP_LOG_FILE: dir.file('pod-eip.log'),
      POD_EIP_API_PORT: await chooseApiPort(process.env),
    }
    const services = await runServices(env)
    undo.push(() => services.stop())
    say(`  api         http://127.0.0.1:${env.POD_EIP_API_PORT}/api/claims`)
    dir.remember({ DATABASE_URL: stores.databaseUrl, REDIS_URL: stores.redisUrl })
    undo.push(() => dir.forget())
    say(
      `ready after ${((Date.now() - began) / 1000).toFixed(1)} s; log lines go to ${dir.file('pod-eip.log')}`,
    )

    if (simulatedCluster && !settings.withoutDemo) {
      const applied = await applyDemo(cluster, process.cwd())
      if (applied.length > 0) say(`applied ${applied.join(' and ')} from docs/examples`)
    }
    say('')
    await Promise.race([
      showClaims(
        stores.databaseUrl,
        env.POD_EIP_DATABASE_SCHEMA ?? 'pod_eip',
        simulatedCluster !== null,
        stop.signal,
      ),
      services.failed,
    ])
  } finally {
    if (stop.signal.aborted) say('\nstopping …')
    for (const step of undo.reverse()) {
      try {
        await step()
      } catch (error) {
        process.stderr.write(`pod-eip: while stopping: ${String(error)}\n`)
      }
    }
  }
}

async function showClaims(databaseUrl: string, schema: string, simulated: boolean, signal: AbortSignal) {
  const pool = createPool({ url: databaseUrl, applicationName: 'pod-eip start', max: 2 })
  const readModels = createPostgresReadModels(pool, schema)
  const screen = {
    isTTY: process.stdout.isTTY === true,
    get columns() {
      return process.stdout.columns ?? 120
    },
    get rows() {
      return process.stdout.rows ?? 40
    },
    write: (text: string) => void process.stdout.write(text),
  }
  const table = createClaimTable(screen)
  const hints = nextSteps(simulated)
  let hinted = false
  while (!signal.aborted) {
    const claims = await readModels.claims({ open: !screen.isTTY ? false : true }).catch(() => null)
    if (claims) table.update(claims, hints)
    if (claims && !screen.isTTY && !hinted && claims.length > 0 && claims.every((c) => c.phase === 'Bound')) {
      hinted = true
      say(`\n${hints.join('\n')}\n`)
    }
    await delay(refreshMs, undefined, { signal }).catch(() => {})
  }
  await pool.end()
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}

try {
  await main()
  process.exit(0)
} catch (error) {
  const known = error instanceof SettingsError
  process.stderr.write(`pod-eip: ${error instanceof Error ? error.message : String(error)}\n`)
  if (process.env.POD_EIP_LOG_LEVEL === 'debug' && error instanceof Error)
    process.stderr.write(`${error.stack}\n`)
  process.exit(known ? 2 : 1)
}
