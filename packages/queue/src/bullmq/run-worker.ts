import type { Clock, Random } from '@pod-eip/runtime'
import { DelayedError, type Job, Worker } from 'bullmq'
import type { IntentConsumer, QueueLogger } from '../intent-queue.ts'
import { retryDelayMs } from '../retry-delay.ts'
import { queueName } from './queue-keys.ts'
import { workerConnection } from './redis-connections.ts'

/** What a job carries. */
export interface JobData {
  intentId: string
  action: string
  claim: string
}

export interface RunWorkerOptions {
  url: string
  prefix: string
  clock: Clock
  random: Random
  logger: QueueLogger
  /** A job whose worker has not said a word for so long runs again, in ms. */
  lockMs: number
}

/** Wait before a worker that ended by itself is started anew, in ms. */
const restartMs = 1000
/** Once told to end and with no step under way, Redis gets so long to be told so, in ms: it may be gone. */
const lastWordsMs = 2_000

/** Works until the signal aborts; a worker that ends by itself is started anew. */
export async function runWorker(options: RunWorkerOptions, consumer: IntentConsumer): Promise<void> {
  while (!consumer.signal.aborted) {
    await runOnce(options, consumer).catch((error: unknown) => {
      options.logger.warn({ err: error }, 'the queue worker ended and is started anew')
    })
    if (!consumer.signal.aborted) await options.clock.sleep(restartMs, consumer.signal)
  }
}

async function runOnce(options: RunWorkerOptions, consumer: IntentConsumer): Promise<void> {
  const { url, prefix, random, logger, lockMs, clock } = options
  const connections = workerConnections(url)
  const steps = new Set<Promise<unknown>>()
  const handler: IntentConsumer['handler'] = (job) => {
    const step = consumer.handler(job)
    steps.add(step)
    const over = () => void steps.delete(step)
    step.then(over, over)
    return step
  }
  const worker = new Worker<JobData>(queueName, (job, token) => process(job, token, options, handler), {
    connection: connections.first,
    prefix,
    autorun: false,
    concurrency: consumer.concurrency,
    lockDuration: lockMs,
    stalledInterval: lockMs,
    // A job may stall as often as workers die: giving it up is never right.
    maxStalledCount: Number.MAX_SAFE_INTEGER,
    settings: { backoffStrategy: (failures) => retryDelayMs(failures, random) },
  })
  worker.on('error', (error) => logger.warn({ err: error }, 'the queue worker met an error'))
  worker.on('stalled', (jobId) => logger.warn({ job: jobId }, 'a job stalled and runs again'))
  worker.on('lockRenewalFailed', (jobIds) =>
    logger.warn({ jobs: jobIds }, 'jobs may run twice: their locks were not renewed'),
  )
  /** What cannot be told to Redis any more is left: each step's outcome stands in Postgres, and a job comes again. */
  const end = async () => {
    const closed = worker.close().catch(() => {})
    while (steps.size > 0) await Promise.allSettled(steps)
    const told = new AbortController()
    await Promise.race([closed, clock.sleep(lastWordsMs, told.signal)])
    told.abort()
    connections.disconnect()
  }
  const ended = Promise.withResolvers<void>()
  const stop = () => void end().then(ended.resolve, ended.reject)
  consumer.signal.addEventListener('abort', stop, { once: true })
  try {
    if (consumer.signal.aborted) stop()
    await Promise.race([consumer.signal.aborted ? ended.promise : worker.run(), ended.promise])
  } finally {
    consumer.signal.removeEventListener('abort', stop)
    if (consumer.signal.aborted) await ended.promise
    else await end()
  }
}

/** The connection that a worker is given, and those that BullMQ makes after its example, to wait for jobs. */
function workerConnections(url: string) {
  const first = workerConnection(url)
  const all = [first]
  first.on('error', () => {})
  const duplicate = first.duplicate.bind(first)
  first.duplicate = (...options) => {
    const another = duplicate(...options)
    all.push(another)
    return another
  }
  return { first, disconnect: () => all.forEach((connection) => void connection.disconnect()) }
}

async function process(
  job: Job<JobData>,
  token: string | undefined,
  { clock, logger }: RunWorkerOptions,
  handler: IntentConsumer['handler'],
): Promise<void> {
  const { intentId, action, claim } = job.data
  try {
    const result = await handler({ intentId, action, claim, attempt: job.attemptsStarted })
    if (result.kind === 'done') return
    await job.moveToDelayed(clock.now() + Math.max(0, result.delayMs), token)
  } catch (error) {
    logger.warn({ err: error, intent: intentId, claim, job: job.id }, 'an intent failed and comes again')
    throw error
  }
  throw new DelayedError()
}
