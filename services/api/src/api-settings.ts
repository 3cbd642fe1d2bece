import {
  databaseSettings,
  portNumber,
  redisSettings,
  type SettingSpec,
  serviceSettings,
} from '@pod-eip/runtime'
import { z } from 'zod'

/** What the api is told. */
export const apiSettings = {
  ...databaseSettings,
  ...redisSettings,
  ...serviceSettings,
  port: {
    env: 'POD_EIP_API_PORT',
    flag: 'api-port',
    schema: z.string().default('8080').pipe(portNumber),
    help: 'Port of the API; 0 takes a free one.',
  } satisfies SettingSpec<number>,
  host: {
    env: 'POD_EIP_API_HOST',
    flag: 'api-host',
    schema: z.string().min(1).default('127.0.0.1'),
    help: 'Address to listen on; 0.0.0.0 in a Pod.',
  } satisfies SettingSpec<string>,
}
