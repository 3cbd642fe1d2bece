import { type Clock, type Ids, type Random, storeError } from '@pod-eip/runtime'
import { Queue } from 'bullmq'
import type { ChainableCommander, Redis } from 'ioredis'
import type { IntentQueue, NewIntentJob, QueueLogger } from '../intent-queue.ts'
import { delayedScoreUnit, jobIdOf, queueKeys, queueName } from './queue-keys.ts'
import { judgeProgress, type NextInLine, type QueueSample } from './queue-progress.ts'
import { producerConnection } from './redis-connections.ts'
import { assertRedisFits, infoField } from './redis-requirements.ts'
import { type JobData, runWorker } from './run-worker.ts'

export interface BullMqIntentQueueOptions {
  /** `redis://` URL of Redis or Valkey, 6.2 or newer, with maxmemory-policy noeviction. */
  url: string
  /** In braces, so that all keys lie in one cluster slot: `{pod-eip:<cluster id>}`. */
  prefix: string
  clock: Clock
  random: Random
  ids: Ids
  logger: QueueLogger
  /** A job whose worker was killed runs again after one to two times this, in ms; default 30 000. */
  lockMs?: number
}

const defaultLockMs = 30_000
/** Jobs or keys in one round trip. */
const chunkSize = 500

/**
 * The queue on BullMQ. Jobs are removed when they are done: that an intent is done stands in Postgres.
 *
 * @throws StoreError when Redis cannot be reached, is too old, or may evict jobs
 */
export async function createBullMqIntentQueue(options: BullMqIntentQueueOptions): Promise<IntentQueue> {
  const { url, prefix, clock, random, ids, logger, lockMs = defaultLockMs } = options
  const keys = queueKeys(prefix)
  const redis = producerConnection(url)
  await connect(redis, url)
  const queue = new Queue<JobData>(queueName, {
    connection: redis,
    prefix,
    skipWaitingForReady: true,
    defaultJobOptions: {
      removeOnComplete: true,
      removeOnFail: true,
      // A handler that throws is tried for ever: only the handler knows when an intent is done.
      attempts: Number.MAX_SAFE_INTEGER,
      backoff: { type: 'custom' },
    },
  })
  queue.on('error', (error) => logger.warn({ err: error }, 'the queue met an error'))
  let next: NextInLine | null = null
  let closed: Promise<void> | undefined

  async function missing(intentIds: string[]): Promise<string[]> {
    const gone: string[] = []
    for (const chunk of chunksOf(intentIds)) {
      const pipeline = redis.pipeline()
      for (const id of chunk) pipeline.exists(keys.job(jobIdOf(id)))
      const found = await results(pipeline)
      gone.push(...chunk.filter((_, i) => found[i] === 0))
    }
    return gone
  }

  async function runId(): Promise<string> {
    await redis.set(keys.marker, ids.next(), 'NX')
    const [info, marker] = await Promise.all([redis.info('server'), redis.get(keys.marker)])
    return `${infoField(info, 'run_id')}/${marker}`
  }

  async function sample(): Promise<QueueSample> {
    const pipeline = redis.pipeline()
    pipeline.llen(keys.waiting)
    pipeline.llen(keys.active)
    pipeline.lindex(keys.waiting, -1)
    pipeline.zrange(keys.delayed, '0', '0', 'WITHSCORES')
    const [waiting, active, job, delayed] = await results(pipeline)
    const due = (delayed as string[])[1]
    const dueAt = due === undefined ? Number.POSITIVE_INFINITY : Math.floor(Number(due) / delayedScoreUnit)
    const started = job === null ? null : await redis.hget(keys.job(job as string), 'ats')
    return {
      waiting: waiting as number,
      active: active as number,
      next: job === null ? null : `${job}@${started ?? 0}`,
      overdueSince: dueAt < clock.now() ? dueAt : null,
    }
  }

  return {
    async enqueue(jobs) {
      for (const chunk of chunksOf(jobs)) {
        await queue.addBulk(chunk.map((job) => bullJob(job, clock.now())))
      }
    },
    async hurry(intentIds) {
      for (const id of intentIds) {
        const job = await queue.getJob(jobIdOf(id))
        // Between the look and the promotion its turn may have come by itself.
        if (await job?.isDelayed()) await job?.promote().catch(() => {})
      }
    },
    consume: (consumer) => runWorker({ url, prefix, clock, random, logger, lockMs }, consumer),
    missing,
    runId,
    async progress() {
      const judged = judgeProgress(await sample(), next, clock.now())
      next = judged.next
      return judged.progress
    },
    close() {
      closed ??= queue
        .close()
        .catch(() => {})
        .then(() => redis.disconnect())
      return closed
    },
  }
}

async function connect(redis: Redis, url: string): Promise<void> {
  // What a call throws is that there is no connection; why, an event says.
  let reason: unknown
  redis.on('error', (error) => {
    reason = error
  })
  try {
    await redis.connect()
    await assertRedisFits(redis)
  } catch (error) {
    redis.disconnect()
    throw storeError(reason ?? error, 'Redis', 'REDIS_URL', url)
  }
}

function bullJob({ intentId, action, claim, notBefore = 0 }: NewIntentJob, now: number) {
  return {
    name: action,
    data: { intentId, action, claim },
    opts: { jobId: jobIdOf(intentId), delay: Math.max(0, notBefore - now) },
  }
}

/** Answers of a pipeline. @throws its first error */
async function results(pipeline: ChainableCommander): Promise<unknown[]> {
  const answers = (await pipeline.exec()) ?? []
  return answers.map(([error, value]) => {
    if (error) throw error
    return value
  })
}

function chunksOf<T>(items: T[]): T[][] {
  const count = Math.ceil(items.length / chunkSize)
  return Array.from({ length: count }, (_, i) => items.slice(i * chunkSize, (i + 1) * chunkSize))
}
