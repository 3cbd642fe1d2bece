import type { EventLog } from '@pod-eip/event-log'
import { createRedisLogMark } from '@pod-eip/queue'
import { compareLog } from '@pod-eip/read-models'
import { clusterNamed } from './cluster-named.ts'
import { inRedis } from './in-redis.ts'

/** How a log stands against the mark of it in Redis. */
export interface LogStanding {
  /** How it went back, in one sentence; empty when it did not. */
  wentBack: string
  /** The event that was marked last; `null` when none was. */
  marked: number | null
}

/** `null` when it cannot be told: without REDIS_URL, or an id of the cluster, or while Redis does not answer. */
export async function logStanding(
  env: Readonly<Record<string, string | undefined>>,
  log: Pick<EventLog, 'head' | 'read'>,
): Promise<LogStanding | null> {
  if (!env.REDIS_URL) return null
  const cluster = env.POD_EIP_CLUSTER_ID || (await clusterNamed(log))
  if (!cluster) return null
  const found = await inRedis(env, async (redis) => {
    const mark = createRedisLogMark({ redis, prefix: `{pod-eip:${cluster}}` })
    return { marked: await mark.read(), doubt: await mark.doubt() }
  })
  if (found === null) return null
  const { marked, doubt } = found
  const wentBack = marked ? await compareLog(log, marked) : ''
  return { wentBack: wentBack || doubt, marked: marked?.position ?? null }
}
