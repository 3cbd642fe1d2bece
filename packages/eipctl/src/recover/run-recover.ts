import { createMemoryEventLog } from '@pod-eip/event-log'
import { accessFromEnvironment, clusterUid, createHttpCluster, type HttpCluster } from '@pod-eip/kube'
import { createRedisLogMark, producerConnection } from '@pod-eip/queue'
import { createMemoryModels } from '@pod-eip/read-models'
import {
  readSettings,
  redisAddress,
  redisSettings,
  SettingsError,
  systemClock,
  systemIds,
} from '@pod-eip/runtime'
import type { Io } from '../command.ts'
import { clusterMeant } from '../connect/cluster-named.ts'
import { connectCloud } from '../connect/connect-cloud.ts'
import { type ConnectedLog, connectLog } from '../connect/connect-log.ts'
import { workerRuns } from '../connect/running-worker.ts'
import { planRecovery, type RecoveryPlan } from './plan-recovery.ts'
import { recoveryEvents } from './recovery-events.ts'
import { seeEverything } from './see-everything.ts'
import type { Seen } from './seen.ts'
import { planSentence, planTable } from './words.ts'

export interface Recovery {
  /** The cluster's id as flag or variable give it; empty: the log says it. */
  given: string
  by: string
  yes: boolean
  /** The log is lost: a new one begins with what is proved. */
  beginAnew: boolean
  json: boolean
  env: Readonly<Record<string, string | undefined>>
  io: Pick<Io, 'out'>
}

/** What the watcher has handled is forgotten, so that it reads complete lists. */
const watcherCheckpoints = ['pods', 'nodes', 'eipclaims.networking.tke.cloud.tencent.com']

/** Shows what an older log has otherwise than cloud and cluster, and brings it up to that. @returns the exit code */
export async function runRecover(recovery: Recovery): Promise<number> {
  const { env, given, beginAnew } = recovery
  const old = await connectLog(env)
  if (!old && !beginAnew) {
    throw new SettingsError(
      'There is no event log, or an empty one, in this database and schema: restore a backup, correct DATABASE_URL or POD_EIP_DATABASE_SCHEMA, or add --begin-anew where it is lost for good.',
    )
  }
  let connected: RecoverableLog | null = old
  try {
    const clusterId = await clusterMeant(given, old?.log ?? null)
    await refuseWhileWorkerRuns(env, clusterId)
    connected ??= await newLog(recovery)
    return await withLog(connected, clusterId, recovery)
  } finally {
    await connected?.close()
  }
}

async function refuseWhileWorkerRuns(env: Recovery['env'], clusterId: string): Promise<void> {
  const running = await workerRuns(env, clusterId)
  if (running === null) {
    throw new SettingsError(
      'Redis cannot be asked whether a worker runs: set REDIS_URL as the services have it, and start it.',
    )
  }
  if (running) {
    throw new SettingsError(
      `A worker of cluster ${clusterId} runs: stop all services first, for what they do meanwhile would not be seen.`,
    )
  }
}

async function withLog(connected: RecoverableLog, clusterId: string, recovery: Recovery): Promise<number> {
  const { env } = recovery
  const cluster = createHttpCluster({
    access: await accessFromEnvironment({ ...env }),
    userAgent: 'eipctl-recover',
  })
  try {
    await confirmSameCluster(connected, cluster)
    const seen = await seeEverything({
      ...{ clusterId, cluster, annotationDomain: env.POD_EIP_ANNOTATION_DOMAIN || 'tke.cloud.tencent.com' },
      ...{ cloud: connectCloud(env, connected.clock), log: connected.log, readModels: connected.readModels },
    })
    const now = new Date(connected.clock.now()).toISOString()
    const plan = planRecovery(seen, { nextId: () => systemIds.next(), now })
    if (recovery.yes) await bringUp(plan, now, connected, clusterId, recovery)
    show(plan, seen, recovery)
    return recovery.yes && plan.left.length > 0 ? 1 : 0
  } finally {
    await cluster.close()
  }
}

/** A log in place of one that is lost; for a mere plan none is made. */
async function newLog({ env, yes }: Recovery): Promise<RecoverableLog> {
  const made = yes ? await connectLog(env, { makeNew: true }) : null
  if (made) return made
  const log = createMemoryEventLog({ clock: systemClock })
  return { log, readModels: createMemoryModels(() => 0), clock: systemClock, close: async () => {} }
}

type RecoverableLog = Pick<ConnectedLog, 'readModels' | 'clock' | 'close'> & {
  log: Pick<ConnectedLog['log'], 'read' | 'head' | 'append' | 'checkpoints'>
}

async function confirmSameCluster({ log }: RecoverableLog, cluster: HttpCluster): Promise<void> {
  const uid = await clusterUid(cluster)
  const [identified] = await log.read({ after: 0, limit: 1, types: ['ClusterIdentified'] })
  if (!identified || uid === null || identified.data.clusterUid === uid) return
  throw new SettingsError(
    `This is not the cluster that the event log is about: namespace kube-system has uid ${uid}, and ${identified.data.clusterUid} in event ${identified.position}; look at KUBECONFIG and DATABASE_URL.`,
  )
}

/** Appends all of it at once, and lets the services go on from there. */
async function bringUp(
  plan: RecoveryPlan,
  now: string,
  { log }: RecoverableLog,
  clusterId: string,
  { by, env }: Recovery,
): Promise<void> {
  for (const name of watcherCheckpoints) await log.checkpoints.save(`watcher/${name}`, 0, { recovered: now })
  const recovery = systemIds.next()
  const { events } = await log.append(recoveryEvents(plan, { by, now, recovery }))
  const { position } = events.at(-1)!
  const [last] = await log.read({ after: position - 1, limit: 1 })
  const redis = producerConnection(redisAddress(readSettings(redisSettings, env)))
  redis.on('error', () => {})
  try {
    await redis.connect()
    const mark = createRedisLogMark({ redis, prefix: `{pod-eip:${clusterId}}` })
    await mark.write({ position, hash: last!.hash })
    await mark.setDoubt('')
  } finally {
    redis.disconnect()
  }
}

function show(plan: RecoveryPlan, seen: Seen, { json, io, yes, beginAnew }: Recovery): void {
  if (json) {
    io.out(JSON.stringify({ done: yes, ...plan }, null, 2))
    return
  }
  if (plan.claims.length + plan.strays.length + plan.left.length > 0) io.out(planTable(plan, seen.claims))
  const done = `The log is brought up to what is proved; claims that it had otherwise: ${plan.claims.length}. Start the services.`
  io.out(yes ? done : planSentence(plan, `eipctl recover${beginAnew ? ' --begin-anew' : ''} --yes`))
}
