import {
  createEipCloudOverVpcApi,
  createPermissionProbe,
  createTencentVpcApi,
  credentialsFromEnv,
  defaultRateLimits,
  egressActions,
  joinedCloud,
  probedActions,
  rateLimitedCloud,
  shareOfRateLimits,
} from '@pod-eip/cloud'
import { callTimes } from '@pod-eip/cloud-calls'
import { openEventLog } from '@pod-eip/event-log'
import {
  createBullMqIntentQueue,
  createPostgresIntentRuns,
  createRedisRateLimiter,
  createRedisWorkTurn,
  producerConnection,
} from '@pod-eip/queue'
import { openLogMark } from '@pod-eip/queue/log-mark'
import { confirmClusterName, createPostgresReadModels, guardAsSet, watchLog } from '@pod-eip/read-models'
import {
  createLogger,
  createMetrics,
  createPulse,
  databaseAddress,
  readSettings,
  redisAddress,
  SettingsError,
  type StartedService,
  systemClock,
  systemIds,
  systemRandom,
} from '@pod-eip/runtime'
import { lookForUnknown } from './look-for-unknown.ts'
import { watchPermissions } from './watch-permissions.ts'
import { createWorker } from './worker.ts'
import { assertSettles, workerSettings } from './worker-settings.ts'

/** After a worker died its jobs come back in one to two times this; that one runs twice does no harm. */
const lockMs = 10_000
/** A job that waits for so long while nothing is handled shows a worker that does not work. */
const stuckMs = 120_000

/** Starts a worker as flags and environment say. @throws SettingsError */
export async function startWorker(env: NodeJS.ProcessEnv, argv: string[]): Promise<StartedService> {
  const settings = readSettings(workerSettings, env, argv)
  assertSettles(settings)
  const logger = createLogger('worker', settings)
  const metrics = createMetrics('worker')
  const random = systemRandom
  const { databaseSchema: schema, clusterId } = settings
  const url = databaseAddress(settings)
  const redisUrl = redisAddress(settings)
  const prefix = `{pod-eip:${clusterId}}`
  const credential = readCredential(env)
  const { log, pool, clock, close } = await openEventLog({
    ...{ url, schema, logger, clock: systemClock, random },
    applicationName: 'pod-eip worker',
  })
  const writer = { service: 'worker', id: systemIds.next() }
  const logMark = await openLogMark({ url: redisUrl, prefix, writer, clock, logger })
  const { mark } = logMark
  const closeStores = async () => {
    await logMark.close()
    await close()
  }
  await confirmClusterName({
    ...{ log, clock, clusterId, schema, actor: 'worker' },
    ...{ wentBack: watchLog({ log, mark, clock }).problem, close: closeStores },
  })
  const queue = await createBullMqIntentQueue({
    url: redisUrl,
    prefix,
    clock,
    random,
    ids: systemIds,
    logger,
    lockMs,
  })
  const redis = producerConnection(redisUrl)
  redis.on('error', (error) => logger.debug({ err: error }, 'the rate limiter lost Redis for a moment'))
  const vpcApi = createTencentVpcApi({
    region: settings.region,
    credential,
    ...(settings.endpoint !== undefined && { endpoint: settings.endpoint }),
  })
  const limits = shareOfRateLimits(defaultRateLimits, settings.ratePercent)
  const ending = new AbortController()
  const limiter = createRedisRateLimiter({ redis, prefix, clock, random, limits, ending: ending.signal })
  // It finds out by itself what makes others doubt, and when that is over.
  const logWatch = watchLog({
    ...{ log, clock, mark: { ...mark, doubt: async () => '' } },
    onlyWhenKnown: true,
  })
  const readModels = createPostgresReadModels(pool, schema)
  // What waits for its turn at the rate limit is joined meanwhile.
  const cloud = joinedCloud(rateLimitedCloud(createEipCloudOverVpcApi(vpcApi), limiter), { clock })
  const unknown = lookForUnknown({ cloud, readModels, log, mark, clock, clusterId })
  let problem = ''
  const worker = createWorker({
    async obstacle() {
      problem = (await logWatch.problem()) || (await unknown())
      return problem
    },
    queue,
    turn: createRedisWorkTurn({ redis, prefix }),
    log,
    runs: createPostgresIntentRuns({ pool, schema, log }),
    readModels,
    cloud,
    clock,
    random,
    settings: {
      ...{ clusterId, ...callTimes(settings.settleMs) },
      ...{ surveyMs: settings.surveyMs, orphanGraceMs: settings.orphanGraceMs, guard: guardAsSet(settings) },
    },
    owner: `worker-${systemIds.next()}`,
    metrics,
    concurrency: settings.concurrency,
    egress: settings.egress,
    logger,
  })
  const permissions = watchPermissions({
    ...{ clock, logger },
    probe: createPermissionProbe(vpcApi, (action, signal) => limiter.acquire(action, signal), [
      ...probedActions,
      ...(settings.egress ? egressActions : []),
    ]),
  })
  // Stuck is a worker whose jobs wait for long while none is handled; lost is one without its stores.
  const pulse = createPulse(clock, async () => {
    await log.head()
    const { active, oldestWaitingMs } = await queue.progress()
    return active > 0 || oldestWaitingMs < stuckMs
  })
  return {
    logger,
    port: settings.healthPort,
    metrics: [metrics],
    service: {
      run: async (signal) => {
        const end = () => ending.abort()
        signal.addEventListener('abort', end, { once: true })
        await Promise.all([worker.run(signal), pulse.run(signal), permissions.run(signal)])
      },
      health: () => ({
        live: pulse.beats(),
        ready: pulse.beats() && problem === '',
        problem,
        missingPermissions: permissions.missing(),
      }),
      async close() {
        await queue.close()
        redis.disconnect()
        await closeStores()
      },
    },
  }
}

function readCredential(env: NodeJS.ProcessEnv) {
  try {
    return credentialsFromEnv(env, { clock: systemClock })
  } catch (error) {
    throw new SettingsError((error as Error).message)
  }
}
