import { openEventLog } from '@pod-eip/event-log'
import { createBullMqIntentQueue } from '@pod-eip/queue'
import { openLogMark } from '@pod-eip/queue/log-mark'
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
  const writer = { service: 'projector', id: systemIds.next() }
  const logMark = await openLogMark({ url: redisUrl, prefix, writer, clock, logger })
  const logWatch = watchLog({ log, mark: logMark.mark, clock })
  const closeStores = async () => {
    await logMark.close()
    await close()
  }
  await confirmClusterName({
    ...{ log, clock, clusterId: settings.clusterId, schema, actor: 'projector' },
    ...{ wentBack: logWatch.problem, close: closeStores },
  })
  const queue = await createBullMqIntentQueue({
    url: redisUrl,
    prefix,
    clock,
    random,
    ids: systemIds,
    logger,
  })
  const projector = createProjector({
    logWatch,
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
        await closeStores()
      },
    },
  }
}
