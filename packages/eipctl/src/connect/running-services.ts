import { servicesPresent, workTurnHolder } from '@pod-eip/queue'
import { inRedis } from './in-redis.ts'

/**
 * Those of a cluster's services that write and run at this moment, whether they work or stand still; `null` when that
 * cannot be found out. One that was killed counts for ten seconds more.
 */
export function runningServices(
  env: Readonly<Record<string, string | undefined>>,
  cluster: string,
): Promise<string[] | null> {
  return inRedis(env, async (redis) => {
    const prefix = `{pod-eip:${cluster}}`
    const present = await servicesPresent({ redis, prefix })
    // A worker of an earlier build says no more than that.
    const works = (await workTurnHolder({ redis, prefix })) !== null
    return works && !present.includes('worker') ? [...present, 'worker'] : present
  })
}

/** Whether a worker of the cluster makes calls at this moment; `null` when that cannot be found out. */
export function workerRuns(
  env: Readonly<Record<string, string | undefined>>,
  cluster: string,
): Promise<boolean | null> {
  return inRedis(env, async (redis) => {
    return (await workTurnHolder({ redis, prefix: `{pod-eip:${cluster}}` })) !== null
  })
}
