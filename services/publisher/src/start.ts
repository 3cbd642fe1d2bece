import { openEventLog } from '@pod-eip/event-log'
import { accessFromEnvironment, createHttpCluster } from '@pod-eip/kube'
import { openLogMark } from '@pod-eip/queue/log-mark'
import { confirmClusterName, createPostgresReadModels, watchLog } from '@pod-eip/read-models'
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
  const prefix = `{pod-eip:${settings.clusterId}}`
  const writer = { service: 'publisher', id: systemIds.next() }
  const logMark = await openLogMark({ url: redisAddress(settings), prefix, writer, clock, logger })
  const { mark } = logMark
  const closeStores = async () => {
    await logMark.close()
    await close()
  }
  await confirmClusterName({
    ...{ log, clock, clusterId: settings.clusterId, schema: databaseSchema, actor: 'publisher' },
    ...{ wentBack: watchLog({ log, mark, clock }).problem, close: closeStores },
  })
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
        await cluster.close()
        await closeStores()
      },
    },
  }
}
