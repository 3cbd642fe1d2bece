import { openEventLog } from '@pod-eip/event-log'
import { accessFromEnvironment, createHttpCluster } from '@pod-eip/kube'
import { openLogMark } from '@pod-eip/queue/log-mark'
import {
  confirmClusterName,
  createPostgresReadModels,
  guardedLog,
  standingStill,
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
import { createWatcher } from './watcher.ts'
import { watcherSettings } from './watcher-settings.ts'

/** Starts a watcher as flags and environment say. @throws SettingsError */
export async function startWatcher(env: NodeJS.ProcessEnv, argv: string[]): Promise<StartedService> {
  const settings = readSettings(watcherSettings, env, argv)
  const { databaseSchema, healthPort, clusterId } = settings
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
  const prefix = `{pod-eip:${clusterId}}`
  const writer = { service: 'watcher', id: systemIds.next() }
  const logMark = await openLogMark({ url: redisAddress(settings), prefix, writer, clock, logger })
  const closeStores = async () => {
    await logMark.close()
    await close()
  }
  const watch = watchLog({ log, mark: logMark.mark, clock, onlyWhenKnown: true })
  const name = { log, clock, clusterId, schema: databaseSchema, actor: 'watcher' }
  await confirmClusterName({
    ...name,
    wentBack: watchLog({ log, mark: logMark.mark, clock }).problem,
    close: closeStores,
  })
  const ours = guardedLog(log, watch)
  const watcher = createWatcher({
    ...{ cluster, log: ours, checkpoints: ours.checkpoints, settings, logger },
    readModels: createPostgresReadModels(pool, databaseSchema),
    ...{ clock, random: systemRandom },
  })
  return {
    logger,
    port: healthPort,
    service: standingStill(
      {
        run: (signal) => watcher.run(signal),
        health: () => ({ ...watcher.health() }),
        close: async () => {
          await cluster.close()
          await closeStores()
        },
      },
      { watch, clock, logger },
      () => confirmClusterName({ ...name, close: async () => {} }),
    ),
  }
}
