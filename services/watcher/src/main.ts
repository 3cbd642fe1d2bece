import { createPool, createPostgresEventLog } from '@pod-eip/event-log'
import { accessFromEnvironment, createHttpCluster } from '@pod-eip/kube'
import { createPostgresReadModels } from '@pod-eip/read-models'
import {
  createLogger,
  databaseSettings,
  readSettings,
  runService,
  serviceSettings,
  systemClock,
  systemRandom,
} from '@pod-eip/runtime'
import { createWatcher } from './watcher.ts'

const name = 'watcher'
const time = { clock: systemClock, random: systemRandom }

await runService(name, async () => {
  const settings = readSettings(
    { ...databaseSettings, ...serviceSettings },
    process.env,
    process.argv.slice(2),
  )
  const { databaseUrl, databaseSchema, healthPort, logLevel } = settings
  const logger = createLogger(name, logLevel)
  const cluster = createHttpCluster({ access: await accessFromEnvironment(), userAgent: `pod-eip-${name}` })
  const pool = createPool({
    url: databaseUrl,
    applicationName: `pod-eip ${name}`,
    onIdleError: (err) => logger.warn({ err }, 'an idle database connection broke'),
  })
  const log = createPostgresEventLog({ pool, schema: databaseSchema, ...time })
  const watcher = createWatcher({
    ...{ cluster, log, checkpoints: log.checkpoints, settings, logger },
    readModels: createPostgresReadModels(pool, databaseSchema),
    ...time,
  })
  return {
    logger,
    port: healthPort,
    service: {
      run: (signal) => watcher.run(signal),
      health: () => ({ ...watcher.health() }),
      close: async () => {
        await cluster.close()
        await log.close()
        await pool.end()
      },
    },
  }
})
