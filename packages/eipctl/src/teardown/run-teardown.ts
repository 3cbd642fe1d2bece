import { connectionFault, SettingsError, systemClock, systemIds, systemRandom } from '@pod-eip/runtime'
import type { Io } from '../command.ts'
import { clusterMeant } from '../connect/cluster-named.ts'
import { connectCloud } from '../connect/connect-cloud.ts'
import { type ConnectedLog, connectLog } from '../connect/connect-log.ts'
import { logStanding } from '../connect/log-standing.ts'
import { workerRuns } from '../connect/running-services.ts'
import { cancelOrder } from './cancel-order.ts'
import { isLeft, type TeardownItem } from './item.ts'
import { type LogPlan, planFromLog } from './plan-from-log.ts'
import { planFromTags } from './plan-from-tags.ts'
import { itemTable, livePodsSentence, planSentences, resultSentences } from './words.ts'
import { workWithLog } from './work-with-log.ts'
import { workWithTags } from './work-with-tags.ts'

export interface Teardown {
  cluster: string
  by: string
  mode: 'plan' | 'do' | 'cancel'
  json: boolean
  withoutLog: boolean
  env: Readonly<Record<string, string | undefined>>
  io: Pick<Io, 'out' | 'signal'>
}

/** Plans a teardown, does it, or takes it back. @returns the exit code @throws SettingsError */
export async function runTeardown(teardown: Teardown): Promise<number> {
  const connected = await openLog(teardown)
  if (!connected) return byTags(teardown)
  try {
    // It would give back by what was true once: what an older log has with nobody may be a Pod's by now.
    const standing = await logStanding(
      { ...teardown.env, POD_EIP_CLUSTER_ID: teardown.cluster },
      connected.log,
    )
    if (standing && standing.wentBack !== '') throw new SettingsError(standing.wentBack)
    return teardown.mode === 'cancel' ? await cancel(connected, teardown) : await byLog(connected, teardown)
  } finally {
    await connected.close()
  }
}

/** The log, or `null` where the operator says that it is lost. */
async function openLog({ env, withoutLog }: Teardown): Promise<ConnectedLog | null> {
  const lost = 'if it is lost for good, add --without-log, which goes by the tags of the EIPs alone'
  if (!env.DATABASE_URL) {
    if (withoutLog) return null
    throw new SettingsError(`DATABASE_URL is not set: say where the event log of the cluster is; ${lost}.`)
  }
  const connected = await connectLog(env).catch((error: unknown) => {
    const fault = connectionFault(error, 'Postgres at DATABASE_URL')
    if (withoutLog && fault !== null) return null
    throw fault === null ? error : new Error(`${fault}; ${lost}.`)
  })
  if (connected && withoutLog) {
    const head = await connected.log.head()
    await connected.close()
    throw new SettingsError(
      `The log at DATABASE_URL is there and has ${head} events: leave --without-log away, for what is not decided in the log its services would undo.`,
    )
  }
  if (!connected && !withoutLog) {
    throw new SettingsError(
      `There is no event log, or an empty one, in this database and schema: check DATABASE_URL and POD_EIP_DATABASE_SCHEMA; ${lost}.`,
    )
  }
  return connected
}

async function byLog(connected: ConnectedLog, teardown: Teardown): Promise<number> {
  const { cluster, mode, env, by, json, io } = teardown
  const { readModels, clock, log } = connected
  await clusterMeant(cluster, log)
  const cloud = connectCloud(env, clock)
  const plan = await planFromLog({ cluster, cloud, readModels })
  refuseForeign(plan, cluster)
  if (mode === 'plan') {
    showPlan(plan.items, plan.livePods, 'log', teardown)
    return 0
  }
  const say = json ? () => {} : io.out
  const common = { ...connected, cloud, cluster, by, say, signal: io.signal }
  await workWithLog({ ...common, random: systemRandom, ids: systemIds })
  const after = await planFromLog({ cluster, cloud, readModels })
  return showResult(after.items, 'log', teardown)
}

function refuseForeign({ foreignCluster }: LogPlan, cluster: string): void {
  if (foreignCluster === '') return
  throw new SettingsError(
    `The log at DATABASE_URL is not that of ${cluster}: its EIPs carry tag tke-clusterId=${foreignCluster}; check DATABASE_URL, POD_EIP_DATABASE_SCHEMA and --cluster.`,
  )
}

async function byTags(teardown: Teardown): Promise<number> {
  const { cluster, mode, env, json, io } = teardown
  if (mode === 'cancel') throw new SettingsError('There is no log, and so no order in it to take back.')
  if (await workerRuns(env, cluster)) {
    throw new SettingsError(
      `A worker of cluster ${cluster} runs: it would create EIPs anew. Stop all services first, or use their log.`,
    )
  }
  const cloud = connectCloud(env, systemClock)
  const plan = await planFromTags({ cluster, cloud })
  if (mode === 'plan') {
    showPlan(plan, 0, 'tags', teardown)
    return 0
  }
  const say = json ? () => {} : io.out
  const left = await workWithTags(plan, { cloud, clock: systemClock, signal: io.signal, say })
  const known = new Set(plan.map(({ addressId }) => addressId))
  const after = (await planFromTags({ cluster, cloud })).map((item): TeardownItem => {
    if (!isLeft(item)) return item
    const appeared =
      'it appeared meanwhile: something still runs for this cluster; stop it, then run this again.'
    const says = left.get(item.addressId) ?? (known.has(item.addressId) ? item.says : appeared)
    return { ...item, says }
  })
  return showResult(after, 'tags', teardown)
}

async function cancel(connected: ConnectedLog, { cluster, by, io }: Teardown): Promise<number> {
  const position = await cancelOrder({ ...connected, cluster, by })
  if (position === null) {
    io.out(`Nobody has ordered to tear cluster ${cluster} down.`)
    return 1
  }
  io.out(
    `Recorded as event ${position}: cluster ${cluster} goes on, and Pods that live get EIPs again once its services run.`,
  )
  return 0
}

function showPlan(items: TeardownItem[], livePods: number, source: 'log' | 'tags', teardown: Teardown): void {
  const { json, io, cluster } = teardown
  if (json) {
    io.out(JSON.stringify({ cluster, source, done: false, livePods, items }, null, 2))
    return
  }
  if (items.length > 0) io.out(itemTable(items))
  if (livePods > 0) io.out(livePodsSentence(livePods))
  for (const line of planSentences(items, cluster, source)) io.out(line)
}

/** @returns the exit code: 1 when something is left. */
function showResult(items: TeardownItem[], source: 'log' | 'tags', teardown: Teardown): number {
  const { json, io, cluster } = teardown
  const left = items.filter(isLeft)
  if (json) io.out(JSON.stringify({ cluster, source, done: left.length === 0, items }, null, 2))
  else {
    if (items.length > 0) io.out(itemTable(items))
    for (const line of resultSentences(items, cluster)) io.out(line)
  }
  return left.length > 0 ? 1 : 0
}
