import { openEventLog } from '@pod-eip/event-log'
import { accessFromEnvironment, createHttpCluster } from '@pod-eip/kube'
import { createRedisLogMark, producerConnection } from '@pod-eip/queue'
import { confirmClusterName, createPostgresReadModels, watchLog } from '@pod-eip/read-models'
import {
  createLogger,
  databaseAddress,
  readSettings,
  redisAddress,
  type StartedService,
  systemClock,
  systemRandom,
} from '@pod-eip/runtime'
import { createPublisher } from './publisher.ts'
import { publisherSettings } from './publisher-settings.ts'

/** Starts a publisher as flags and environment say. @throws SettingsError */
export async function startPublisher(env: NodeJS.ProcessEnv, argv: string[]): Promise<StartedService> {
  const settings = readSettings(publisherSettings, env, argv)
  const { databaseSchema, healthPort } = settings
  const logger = createLogger('publisher', settings)
  const access = await accessFromEnvironment(env)
  const cluster = createHttpCluster({ access, userAgent: 'pod-eip-publisher' })
  const { log, pool, clock, close } = await openEventLog({
    ...{
      url: databaseAddress(settings),
      schema: databaseSchema,
      logger,
      clock: systemClock,
      random: systemRandom,
    },
    applicationName: 'pod-eip publisher',
  })
  await confirmClusterName({
    log,
    clock,
    clusterId: settings.clusterId,
    schema: databaseSchema,
    actor: 'publisher',
    close,
  })
  const redis = producerConnection(redisAddress(settings))
  redis.on('error', (error) => logger.debug({ err: error }, 'the mark of the log lost Redis for a moment'))
  await redis.connect().catch(() => {})
  const mark = createRedisLogMark({ redis, prefix: `{pod-eip:${settings.clusterId}}` })
  const [namespace, name] = settings.masqAgentConfig.split('/') as [string, string]
  const place = { namespace, name, key: settings.masqAgentConfigKey }
  const publisher = createPublisher({
    ...{ cluster, log, checkpoints: log.checkpoints, logger },
    settings: { ...settings, masqAgentConfig: settings.egress ? place : null },
    readModels: createPostgresReadModels(pool, databaseSchema),
    logWatch: watchLog({ log, mark, clock, onlyWhenKnown: true }),
    ...{ clock, random: systemRandom },
  })
  return {
    logger,
    port: healthPort,
    service: {
      run: (signal) => publisher.run(signal),
      health: () => ({ ...publisher.health() }),
      close: async () => {
        redis.disconnect()
        await cluster.close()
        await close()
      },
    },
  }
}
