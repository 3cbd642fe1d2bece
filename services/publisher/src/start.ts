import { createPool, createPostgresEventLog, migrate } from '@pod-eip/event-log'
import { accessFromEnvironment, createHttpCluster } from '@pod-eip/kube'
import { createPostgresReadModels } from '@pod-eip/read-models'
import { createLogger, readSettings, type StartedService, systemClock, systemRandom } from '@pod-eip/runtime'
import { createPublisher } from './publisher.ts'
import { publisherSettings } from './publisher-settings.ts'

const time = { clock: systemClock, random: systemRandom }

/** Starts a publisher as flags and environment say. @throws SettingsError */
export async function startPublisher(env: NodeJS.ProcessEnv, argv: string[]): Promise<StartedService> {
  const settings = readSettings(publisherSettings, env, argv)
  const { databaseUrl, databaseSchema, healthPort } = settings
  const logger = createLogger('publisher', settings)
  const access = await accessFromEnvironment(env)
  const cluster = createHttpCluster({ access, userAgent: 'pod-eip-publisher' })
  const pool = createPool({
    url: databaseUrl,
    applicationName: 'pod-eip publisher',
    onIdleError: (err) => logger.warn({ err }, 'an idle database connection broke'),
  })
  await migrate({ pool, schema: databaseSchema })
  const log = createPostgresEventLog({ pool, schema: databaseSchema, ...time })
  const publisher = createPublisher({
    ...{ cluster, log, checkpoints: log.checkpoints, settings, logger },
    readModels: createPostgresReadModels(pool, databaseSchema),
    ...time,
  })
  return {
    logger,
    port: healthPort,
    service: {
      run: (signal) => publisher.run(signal),
      health: () => ({ ...publisher.health() }),
      close: async () => {
        await cluster.close()
        await log.close()
        await pool.end()
      },
    },
  }
}
