import {
  cascadeSettings,
  databaseSettings,
  egressSettings,
  redisSettings,
  type SettingSpec,
  serviceSettings,
} from '@pod-eip/runtime'
import { z } from 'zod'

/** The same setting, which may be left out here. */
function optional<T>(spec: SettingSpec<T>): SettingSpec<T | undefined> {
  const schema = z
    .string()
    .optional()
    .transform((text, context) => {
      if (text === undefined) return undefined
      const parsed = spec.schema.safeParse(text)
      if (parsed.success) return parsed.data
      context.addIssue({ code: 'custom', message: parsed.error.issues[0]!.message })
      return z.NEVER
    })
  return { ...spec, schema }
}

/** What `npm start` is told; the services read theirs themselves. */
export const startSettings = {
  databaseUrl: optional(databaseSettings.databaseUrl),
  databaseTlsDir: databaseSettings.databaseTlsDir,
  redisUrl: optional(redisSettings.redisUrl),
  redisTlsDir: redisSettings.redisTlsDir,
  cluster: {
    env: 'POD_EIP_CLUSTER',
    flag: 'cluster',
    schema: z
      .enum(['simulated', 'kubernetes'], { error: 'neither simulated nor kubernetes' })
      .default('simulated'),
    help: 'simulated, or kubernetes: the cluster that KUBECONFIG names.',
  } satisfies SettingSpec<'simulated' | 'kubernetes'>,
  cloud: {
    env: 'POD_EIP_CLOUD',
    flag: 'cloud',
    schema: z.enum(['simulated', 'tencent'], { error: 'neither simulated nor tencent' }).default('simulated'),
    help: 'simulated, or tencent: Tencent Cloud, with the credentials of the environment.',
  } satisfies SettingSpec<'simulated' | 'tencent'>,
  region: {
    env: 'TENCENTCLOUD_REGION',
    flag: 'region',
    schema: z
      .string()
      .regex(/^[a-z0-9-]{2,40}$/, 'not a region')
      .optional(),
    help: 'Region of the cloud; the simulated one plays ap-guangzhou unless told.',
  } satisfies SettingSpec<string | undefined>,
  databaseSchema: databaseSettings.databaseSchema,
  clusterId: optional(serviceSettings.clusterId),
  logLevel: optional(serviceSettings.logLevel),
  claimExpired: {
    env: 'POD_EIP_CLAIM_EXPIRED_DURATION',
    flag: 'claim-expired-duration',
    schema: z.string().optional(),
    help: 'How long a static claim keeps its EIP after its Pod, such as 1h; 0 or unset for ever.',
  } satisfies SettingSpec<string | undefined>,
  ...cascadeSettings,
  ...egressSettings,
  dir: {
    env: 'POD_EIP_DIR',
    flag: 'dir',
    schema: z.string().min(1).default('.pod-eip'),
    help: 'Folder of the data, the logs and the kubeconfig.',
  } satisfies SettingSpec<string>,
  fresh: flag('POD_EIP_FRESH', 'fresh', 'Forget what earlier starts kept.'),
  withoutDemo: flag('POD_EIP_NO_DEMO', 'no-demo', 'Apply no workloads to the simulated cluster.'),
}

function flag(env: string, name: string, help: string): SettingSpec<boolean> {
  const schema = z
    .enum(['true', 'false'], { error: 'neither true nor false' })
    .default('false')
    .transform((text) => text === 'true')
  return { env, flag: name, boolean: true, schema, help }
}
