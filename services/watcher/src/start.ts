import { openEventLog } from '@pod-eip/event-log'
import { accessFromEnvironment, createHttpCluster } from '@pod-eip/kube'
import { confirmClusterName, createPostgresReadModels } from '@pod-eip/read-models'
import {
  createLogger,
  databaseAddress,
  readSettings,
  type StartedService,
  systemClock,
  systemRandom,
} from '@pod-eip/runtime'
import { createWatcher } from './watcher.ts'
import { watcherSettings } from './watcher-settings.ts'

/** Starts a watcher as flags and environment say. @throws SettingsError */
export async function startWatcher(env: NodeJS.ProcessEnv, argv: string[]): Promise<StartedService> {
  const settings = readSettings(watcherSettings, env, argv)
  const { databaseSchema, healthPort } = settings
  const logger = createLogger('watcher', settings)
  const cluster = createHttpCluster({
    access: await accessFromEnvironment(env),
    userAgent: 'pod-eip-watcher',
  })
  const { log, pool, clock, close } = await openEventLog({
    ...{
      url: databaseAddress(settings),
      schema: databaseSchema,
      logger,
      clock: systemClock,
      random: systemRandom,
    },
    applicationName: 'pod-eip watcher',
  })
  await confirmClusterName({
    log,
    clock,
    clusterId: settings.clusterId,
    schema: databaseSchema,
    actor: 'watcher',
    close,
  })
  const watcher = createWatcher({
    ...{ cluster, log, checkpoints: log.checkpoints, settings, logger },
    readModels: createPostgresReadModels(pool, databaseSchema),
    ...{ clock, random: systemRandom },
  })
  return {
    logger,
    port: healthPort,
    service: {
      run: (signal) => watcher.run(signal),
      health: () => ({ ...watcher.health() }),
      close: async () => {
        await cluster.close()
        await close()
      },
    },
  }
}
