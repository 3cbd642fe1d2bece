import { createMemoryEventLog } from '@pod-eip/event-log'
import { accessFromEnvironment, clusterUid, createHttpCluster, type HttpCluster } from '@pod-eip/kube'
import { createRedisLogMark, type MarkedEvent, presenceMs, producerConnection } from '@pod-eip/queue'
import { createMemoryModels, createMemoryProjectionStore, upToDate } from '@pod-eip/read-models'
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
import { runningServices } from '../connect/running-services.ts'
import type { RecoveryPlan } from './plan-recovery.ts'
import { recoverLog } from './recover-log.ts'
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
    await refuseWhileServicesRun(env, clusterId)
    connected ??= await newLog(recovery)
    return await withLog(connected, clusterId, recovery)
  } finally {
    await connected?.close()
  }
}

async function refuseWhileServicesRun(env: Recovery['env'], clusterId: string): Promise<void> {
  const running = await runningServices(env, clusterId)
  if (running === null) {
    throw new SettingsError(
      'Redis cannot be asked whether services run: set REDIS_URL as the services have it, and start it.',
    )
  }
  if (running.length > 0) {
    throw new SettingsError(
      `Services of cluster ${clusterId} run (${running.join(', ')}): stop all of them first, for what they do meanwhile would not be seen; one that was killed counts for ${presenceMs / 1000} s more.`,
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
    const { plan, seen } = await recoverLog({
      ...{ clusterId, cluster, annotationDomain: env.POD_EIP_ANNOTATION_DOMAIN || 'tke.cloud.tencent.com' },
      ...{ cloud: connectCloud(env, connected.clock), log: connected.log, readModels: connected.readModels },
      store: connected.store,
      ...{
        clock: connected.clock,
        ids: systemIds,
        mark: { write: (last) => writeMark(last, clusterId, env) },
      },
      ...{ by: recovery.by, yes: recovery.yes },
    })
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
  const readModels = createMemoryModels(() => 0)
  const store = createMemoryProjectionStore(log, readModels.world)
  return { log, readModels, store, clock: systemClock, close: async () => {} }
}

type RecoverableLog = Pick<ConnectedLog, 'readModels' | 'store' | 'clock' | 'close'> & {
  log: Pick<ConnectedLog['log'], 'read' | 'head' | 'append' | 'checkpoints'>
}

async function confirmSameCluster({ log }: RecoverableLog, cluster: HttpCluster): Promise<void> {
  const uid = await clusterUid(cluster)
  const [identified] = (await log.read({ after: 0, limit: 1, types: ['ClusterIdentified'] })).map(upToDate)
  if (!identified || uid === null || identified.data.clusterUid === uid) return
  throw new SettingsError(
    `This is not the cluster that the event log is about: namespace kube-system has uid ${uid}, and ${identified.data.clusterUid} in event ${identified.position}; look at KUBECONFIG and DATABASE_URL.`,
  )
}

/** How far the log has come, where the services look for it. */
async function writeMark(last: MarkedEvent, clusterId: string, env: Recovery['env']): Promise<void> {
  const redis = producerConnection(redisAddress(readSettings(redisSettings, env)))
  redis.on('error', () => {})
  try {
    await redis.connect()
    const mark = createRedisLogMark({ redis, prefix: `{pod-eip:${clusterId}}` })
    await mark.write(last)
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
  if (plan.claims.length + plan.strays.length + plan.left.length > 0) io.out(planTable(plan, seen))
  const done = `The log is brought up to what is proved; claims that it had otherwise: ${plan.claims.length}. Start the services.`
  io.out(yes ? done : planSentence(plan, `eipctl recover${beginAnew ? ' --begin-anew' : ''} --yes`))
}
