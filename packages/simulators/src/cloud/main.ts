import {
  createLogger,
  portNumber,
  readSettings,
  runService,
  type SettingSpec,
  systemClock,
  systemIds,
  systemRandom,
} from '@pod-eip/runtime'
import { z } from 'zod'
import type { CloudConfigInput } from './config.ts'
import { serveCloudSimulator } from './http/serve-cloud-simulator.ts'
import { readStateFile } from './http/state-file.ts'
import { createCloudSimulator } from './simulator.ts'

/** The cloud simulator as a program of its own: its API at POST /, its control endpoints at /_sim. */

const wholeNumber = z.string().regex(/^\d+$/, 'not a whole number').transform(Number)

const simulatorSettings = {
  port: {
    env: 'CLOUD_SIMULATOR_PORT',
    flag: 'port',
    schema: z.string().default('9999').pipe(portNumber),
    help: 'Port to listen on, 9999 by default; 0 takes a free one.',
  } satisfies SettingSpec<number>,
  host: {
    env: 'CLOUD_SIMULATOR_HOST',
    flag: 'host',
    schema: z.string().default('127.0.0.1'),
    help: 'Address to listen on, 127.0.0.1 by default.',
  } satisfies SettingSpec<string>,
  stateFile: {
    env: 'CLOUD_SIMULATOR_STATE',
    flag: 'state',
    schema: z.string().optional(),
    help: 'File that keeps the state over restarts.',
  } satisfies SettingSpec<string | undefined>,
  regions: {
    env: 'CLOUD_SIMULATOR_REGIONS',
    flag: 'regions',
    schema: z.string().optional(),
    help: 'Regions that exist, with commas.',
  } satisfies SettingSpec<string | undefined>,
  quota: {
    env: 'CLOUD_SIMULATOR_QUOTA',
    flag: 'quota',
    schema: wholeNumber.optional(),
    help: 'EIPs per region at a time, 20 by default.',
  } satisfies SettingSpec<number | undefined>,
  dailyQuota: {
    env: 'CLOUD_SIMULATOR_DAILY_QUOTA',
    flag: 'daily-quota',
    schema: wholeNumber.optional(),
    help: 'EIPs per region and day, twice the quota by default.',
  } satisfies SettingSpec<number | undefined>,
  secretId: {
    env: 'CLOUD_SIMULATOR_SECRET_ID',
    flag: 'secret-id',
    schema: z.string().default('AKIDsimulated'),
    help: 'SecretId of the account, AKIDsimulated by default.',
  } satisfies SettingSpec<string>,
  secretKey: {
    env: 'CLOUD_SIMULATOR_SECRET_KEY',
    flag: 'secret-key',
    schema: z.string().default('simulated'),
    help: 'SecretKey of the account, simulated by default.',
  } satisfies SettingSpec<string>,
  staleReadMs: {
    env: 'CLOUD_SIMULATOR_STALE_READ_MS',
    flag: 'stale-read-ms',
    schema: wholeNumber.optional(),
    help: 'How old the state is that lists show, in ms; 0 by default.',
  } satisfies SettingSpec<number | undefined>,
}

await runService('cloud-simulator', async () => {
  const settings = readSettings(simulatorSettings, process.env, process.argv.slice(2))
  const { port, host, stateFile, regions, quota, secretId, secretKey, staleReadMs } = settings
  const daily = settings.dailyQuota ?? (quota === undefined ? undefined : quota * 2)
  const config: CloudConfigInput = {
    accounts: [{ uin: '100000000001', secretId, secretKey }],
    ...(regions && { regions: regions.split(',') }),
    quotas: { ...(quota !== undefined && { total: quota }), ...(daily !== undefined && { daily }) },
    ...(staleReadMs !== undefined && { staleReadMs }),
  }
  const snapshot = stateFile === undefined ? undefined : await readStateFile(stateFile)
  const simulator = createCloudSimulator({
    ...{ clock: systemClock, random: systemRandom, ids: systemIds, config },
    ...(snapshot && { snapshot }),
  })
  const logger = createLogger('cloud-simulator', { logLevel: 'info' })
  const served = await serveCloudSimulator(simulator, {
    ...{ port, host, ...(stateFile && { stateFile }) },
    onError: (err) => logger.error({ err }, 'a request could not be answered, or the state not be saved'),
  })
  logger.info(
    { url: served.url },
    'a simulated Tencent Cloud is served: set POD_EIP_CLOUD_ENDPOINT to its url',
  )
  return {
    logger,
    port: null,
    service: {
      run: (signal) =>
        new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
      health: () => ({ live: true, ready: true }),
      close: () => served.close(),
    },
  }
})
