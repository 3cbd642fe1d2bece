import { serve } from '@hono/node-server'
import { openEventLog } from '@pod-eip/event-log'
import { openLogMark } from '@pod-eip/queue/log-mark'
import { confirmClusterName, createPostgresReadModels, tellingOnly, watchLog } from '@pod-eip/read-models'
import {
  createLogger,
  createPulse,
  databaseAddress,
  type Logger,
  listenFault,
  readSettings,
  redisAddress,
  type StartedService,
  systemClock,
  systemRandom,
} from '@pod-eip/runtime'
import { apiSettings } from './api-settings.ts'
import { createApi } from './routes.ts'

/** Starts the API as flags and environment say. @throws SettingsError */
export async function startApi(env: NodeJS.ProcessEnv, argv: string[]): Promise<StartedService> {
  const settings = readSettings(apiSettings, env, argv)
  const logger = createLogger('api', settings)
  const { databaseSchema: schema, clusterId } = settings
  const url = databaseAddress(settings)
  const { log, pool, clock, close } = await openEventLog({
    ...{ url, schema, logger, clock: systemClock, random: systemRandom },
    applicationName: 'pod-eip api',
  })
  await confirmClusterName({ log, clock, clusterId, schema, actor: null, close })
  const logMark = await openLogMark({
    url: redisAddress(settings),
    prefix: `{pod-eip:${clusterId}}`,
    clock,
    logger,
  })
  const app = createApi({ log, readModels: createPostgresReadModels(pool, schema) })
  app.onError((error, c) => {
    logger.error({ err: error, path: c.req.path }, 'a question could not be answered')
    return c.json({ error: 'The database did not answer; try again.' }, 503)
  })
  const pulse = createPulse(clock, async () => (await log.head()) >= 0)
  return {
    logger,
    port: settings.healthPort,
    service: tellingOnly(
      {
        run: async (signal) => {
          await Promise.all([listen(app.fetch, settings, logger, signal), pulse.run(signal)])
        },
        health: () => ({ live: true, ready: pulse.beats() }),
        close: async () => {
          await logMark.close()
          await close()
        },
      },
      { watch: watchLog({ log, mark: logMark.mark, clock }), clock, logger },
    ),
  }
}

/** Answers until the signal aborts. @throws one sentence when the port cannot be had */
function listen(
  fetch: (request: Request) => Response | Promise<Response>,
  { port, host }: { port: number; host: string },
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, port, hostname: host }, (address) =>
      logger.info({ port: address.port }, 'answers questions'),
    )
    server.on('error', (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRNOTAVAIL' || error.code === 'ENOTFOUND'
          ? listenFault(error, 'POD_EIP_API_HOST (--api-host)', host)
          : listenFault(error, 'POD_EIP_API_PORT (--api-port)', port),
      ),
    )
    signal.addEventListener('abort', () => server.close(() => resolve()), { once: true })
  })
}
