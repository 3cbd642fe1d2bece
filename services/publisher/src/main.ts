import { createPool, createPostgresEventLog } from '@pod-eip/event-log'
import { accessFromEnvironment, createHttpCluster } from '@pod-eip/kube'
import { createPostgresReadModels } from '@pod-eip/read-models'
import { createLogger, readSettings, runService, systemClock, systemRandom } from '@pod-eip/runtime'
import { createPublisher } from './publisher.ts'
import { publisherSettings } from './publisher-settings.ts'

const name = 'publisher'
const time = { clock: systemClock, random: systemRandom }

await runService(name, async () => {
  const settings = readSettings(publisherSettings, process.env, process.argv.slice(2))
  const { databaseUrl, databaseSchema, healthPort } = settings
  const logger = createLogger(name, settings.logLevel)
  const cluster = createHttpCluster({ access: await accessFromEnvironment() })
  const pool = createPool({
    url: databaseUrl,
    applicationName: `pod-eip ${name}`,
    onIdleError: (err) => logger.warn({ err }, 'an idle database connection broke'),
  })
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
        await pool.end()
      },
    },
  }
})
