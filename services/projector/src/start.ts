import { openEventLog } from '@pod-eip/event-log'
import { createBullMqIntentQueue, createRedisLogMark, producerConnection } from '@pod-eip/queue'
import {
  confirmClusterName,
  createPostgresProjectionStore,
  createPostgresReadModels,
  guardAsSet,
  watchLog,
} from '@pod-eip/read-models'
import {
  createLogger,
  databaseAddress,
  readSettings,
  redisAddress,
  type StartedService,
  systemClock,
  systemIds,
  systemRandom,
} from '@pod-eip/runtime'
import { createProjector } from './projector.ts'
import { projectorSettings } from './projector-settings.ts'

/** Without a successful step for this long the projector asks to be restarted, in ms. */
const stuckMs = 120_000

/** Starts a projector as flags and environment say. @throws SettingsError */
export async function startProjector(env: NodeJS.ProcessEnv, argv: string[]): Promise<StartedService> {
  const settings = readSettings(projectorSettings, env, argv)
  const logger = createLogger('projector', settings)
  const random = systemRandom
  const { databaseSchema: schema } = settings
  const url = databaseAddress(settings)
  const redisUrl = redisAddress(settings)
  const prefix = `{pod-eip:${settings.clusterId}}`
  const { log, pool, clock, close } = await openEventLog({
    ...{ url, schema, logger, clock: systemClock, random },
    applicationName: 'pod-eip projector',
  })
  await confirmClusterName({ log, clock, clusterId: settings.clusterId, schema, actor: 'projector', close })
  const queue = await createBullMqIntentQueue({
    url: redisUrl,
    prefix,
    clock,
    random,
    ids: systemIds,
    logger,
  })
  const redis = producerConnection(redisUrl)
  redis.on('error', (error) => logger.debug({ err: error }, 'the mark of the log lost Redis for a moment'))
  await redis.connect().catch(() => {})
  const projector = createProjector({
    logWatch: watchLog({ log, mark: createRedisLogMark({ redis, prefix }), clock }),
    waitForMore: (position, signal) => log.waitForMore(position, signal),
    store: createPostgresProjectionStore(log, pool, schema),
    readModels: createPostgresReadModels(pool, schema),
    queue,
    clock,
    ids: systemIds,
    settings: {
      claimExpiredMs: settings.claimExpiredMs,
      cascade: settings.cascade,
      guard: guardAsSet(settings),
    },
    logger,
  })
  return {
    logger,
    port: settings.healthPort,
    service: {
      run: (signal) => projector.run(signal),
      health() {
        const { position, lastProgressAt, problem } = projector.health()
        // Where only another build helps, a restart does not.
        const live = problem !== '' || clock.now() - lastProgressAt < stuckMs
        return { live, ready: live && problem === '', position, problem }
      },
      async close() {
        await queue.close()
        redis.disconnect()
        await close()
      },
    },
  }
}
