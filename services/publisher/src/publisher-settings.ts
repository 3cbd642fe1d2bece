import { cascadeSettings, databaseSettings, type SettingSpec, serviceSettings } from '@pod-eip/runtime'
import { z } from 'zod'

const whole = (fallback: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,4}$/, 'not a whole number from 1 to 99999')
    .transform(Number)
    .optional()
    .transform((given) => given ?? fallback)

/** The publisher's settings, each with its environment variable. */
export const publisherSettings = {
  ...databaseSettings,
  ...serviceSettings,
  ...cascadeSettings,
  qps: {
    env: 'POD_EIP_PUBLISHER_QPS',
    flag: 'qps',
    schema: whole(50),
    help: 'Requests to the API server per second at most; lists and watches are not counted.',
  } satisfies SettingSpec<number>,
  concurrency: {
    env: 'POD_EIP_PUBLISHER_CONCURRENCY',
    flag: 'concurrency',
    schema: whole(10),
    help: 'Claims and Nodes that are published at a time.',
  } satisfies SettingSpec<number>,
}
