import { usualSettleMs } from '@pod-eip/cloud-calls'
import { durationSetting, guardSettings } from '@pod-eip/read-models'
import {
  databaseSettings,
  egressSettings,
  redisSettings,
  type SettingSpec,
  SettingsError,
  serviceSettings,
} from '@pod-eip/runtime'
import { z } from 'zod'

const region = {
  env: 'TENCENTCLOUD_REGION',
  flag: 'region',
  schema: z.string({ error: 'a region is needed' }).regex(/^[a-z0-9-]{2,40}$/, 'not a region'),
  help: 'Region of the cluster, such as ap-guangzhou.',
} satisfies SettingSpec<string>

const endpoint = {
  env: 'POD_EIP_CLOUD_ENDPOINT',
  flag: 'cloud-endpoint',
  schema: z
    .string()
    .regex(/^https?:\/\/[^\s/?#]+/, 'not an http(s) URL')
    .refine((text) => URL.canParse(text), 'not an http(s) URL')
    .optional(),
  help: 'Another address of the VPC API, such as http://127.0.0.1:9999; unset for the public one.',
} satisfies SettingSpec<string | undefined>

const concurrency = {
  env: 'POD_EIP_WORKER_CONCURRENCY',
  flag: 'worker-concurrency',
  schema: z
    .string()
    .regex(/^[1-9]\d{0,2}$/, 'not a number from 1 to 999')
    .default('100')
    .transform(Number),
  help: 'Intents worked on at once by one worker; most of them wait.',
} satisfies SettingSpec<number>

const ratePercent = {
  env: 'POD_EIP_CLOUD_RATE_PERCENT',
  flag: 'cloud-rate-percent',
  schema: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'not a whole number from 1 to 100')
    .default('100')
    .transform(Number),
  help: "This cluster's share of the cloud's limits on calls per second, in percent; below 100 where others use the account too.",
} satisfies SettingSpec<number>

const surveyMs = {
  env: 'POD_EIP_SURVEY_INTERVAL',
  flag: 'survey-interval',
  schema: durationSetting({ minMs: 10_000, maxMs: 86_400_000 }, '5m'),
  help: 'How often the cloud is compared with the log, from 10s to 24h.',
} satisfies SettingSpec<number>

const orphanGraceMs = {
  env: 'POD_EIP_ORPHAN_GRACE',
  flag: 'orphan-grace',
  schema: durationSetting({ minMs: 60_000 }, '15m'),
  help: "How long an EIP of this cluster must be seen in nobody's hands until it is released, at least 1m.",
} satisfies SettingSpec<number>

const settleMs = {
  env: 'POD_EIP_CLOUD_SETTLE_TIME',
  flag: 'cloud-settle-time',
  schema: durationSetting({ minMs: 2_000, maxMs: 600_000 }, '15s'),
  help: 'How long a call that was not answered may still work in the cloud, from 2s to 10m; below 15s only at another cloud endpoint.',
} satisfies SettingSpec<number>

/** What a worker is told. Credentials come from the environment only and are read by the cloud package. */
export const workerSettings = {
  ...databaseSettings,
  ...redisSettings,
  ...serviceSettings,
  ...egressSettings,
  ...guardSettings,
  region,
  endpoint,
  concurrency,
  ratePercent,
  surveyMs,
  orphanGraceMs,
  settleMs,
}

/**
 * Whoever looks too early takes an EIP for one that never came, or for unbound.
 * @throws SettingsError when it is too short for Tencent Cloud
 */
export function assertSettles(settings: { settleMs: number; endpoint: string | undefined }): void {
  if (settings.settleMs >= usualSettleMs || settings.endpoint !== undefined) return
  throw new SettingsError(
    `POD_EIP_CLOUD_SETTLE_TIME is ${settings.settleMs / 1_000} s, and Tencent Cloud may take ${usualSettleMs / 1_000} s: set it to 15s or more, or POD_EIP_CLOUD_ENDPOINT to a cloud that is faster.`,
  )
}
