import { z } from 'zod'
import { dnsName, longestDnsName } from './dns-name.ts'
import type { SettingSpec } from './settings.ts'

const url = (protocols: string[]) =>
  z
    .string({ error: 'a URL is needed' })
    .refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
      error: `not a URL with ${protocols.join(' or ')}`,
    })

/** The text of a port number. */
export const portNumber = z
  .string()
  .regex(/^\d{1,5}$/, 'not a port from 0 to 65535')
  .transform(Number)
  .refine((port) => port <= 65_535, 'not a port from 0 to 65535')

const tlsDir = z.string().min(1).optional()

/** The event log's database. */
export const databaseSettings = {
  databaseUrl: {
    env: 'DATABASE_URL',
    secret: true,
    schema: url(['postgres:', 'postgresql:']),
    help: 'Postgres (>= 15) for the event log, such as postgresql://user:password@host:5432/pod_eip.',
  } satisfies SettingSpec<string>,
  databaseTlsDir: {
    env: 'POD_EIP_DATABASE_TLS_DIR',
    flag: 'database-tls-dir',
    schema: tlsDir,
    help: 'Folder with ca.crt, the authority of the certificate of Postgres, and tls.crt with tls.key, ours, where it asks for one.',
  } satisfies SettingSpec<string | undefined>,
  databaseSchema: {
    env: 'POD_EIP_DATABASE_SCHEMA',
    flag: 'database-schema',
    schema: z
      .string()
      .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'not a plain lower-case name')
      .default('pod_eip'),
    help: 'Postgres schema; one for each cluster that shares the database.',
  } satisfies SettingSpec<string>,
}

/** The queue's Redis. */
export const redisSettings = {
  redisUrl: {
    env: 'REDIS_URL',
    secret: true,
    schema: url(['redis:', 'rediss:']),
    help: 'Redis or Valkey (>= 6.2, maxmemory-policy noeviction), such as redis://:password@host:6379/0.',
  } satisfies SettingSpec<string>,
  redisTlsDir: {
    env: 'POD_EIP_REDIS_TLS_DIR',
    flag: 'redis-tls-dir',
    schema: tlsDir,
    help: 'The same for Redis, whose URL begins with rediss:// then.',
  } satisfies SettingSpec<string | undefined>,
}

/** What every service knows about itself. */
export const serviceSettings = {
  clusterId: {
    env: 'POD_EIP_CLUSTER_ID',
    flag: 'cluster-id',
    schema: z
      .string({ error: 'a name is needed' })
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/, 'not a name of letters, digits, dots, dashes (at most 63)'),
    help: 'Marks the EIPs of this cluster (tag tke-clusterId) and its keys in Redis, such as cls-0a1b2c3d.',
  } satisfies SettingSpec<string>,
  annotationDomain: {
    env: 'POD_EIP_ANNOTATION_DOMAIN',
    flag: 'annotation-domain',
    schema: z
      .string()
      .regex(new RegExp(`^${dnsName}$`), 'not a DNS name')
      .max(longestDnsName, 'not a DNS name')
      .default('tke.cloud.tencent.com'),
    help: 'Domain of the annotations and the resource; another one runs beside the ipamd of TKE.',
  } satisfies SettingSpec<string>,
  logLevel: {
    env: 'POD_EIP_LOG_LEVEL',
    flag: 'log-level',
    schema: z
      .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], { error: 'not a log level' })
      .default('info'),
    help: 'trace, debug, info, warn, error or silent.',
  } satisfies SettingSpec<'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'>,
  logFile: {
    env: 'POD_EIP_LOG_FILE',
    flag: 'log-file',
    schema: z.string().min(1).optional(),
    help: 'File for the log lines; unset for standard output.',
  } satisfies SettingSpec<string | undefined>,
  healthPort: {
    env: 'POD_EIP_HEALTH_PORT',
    flag: 'health-port',
    schema: portNumber.optional().transform((port) => port ?? null),
    help: 'Port of /healthz and /readyz; unset for none.',
  } satisfies SettingSpec<number | null>,
}

/** The cluster, of those who speak with it; packages/kube opens it. */
export const clusterSettings = {
  cluster: {
    env: 'POD_EIP_CLUSTER',
    schema: z
      .enum(['kubernetes'], { error: 'not kubernetes, and only `npm start` brings a simulated cluster' })
      .optional(),
    help: 'kubernetes: use KUBECONFIG; unset: the service account of the Pod.',
  } satisfies SettingSpec<'kubernetes' | undefined>,
  kubeconfig: {
    env: 'KUBECONFIG',
    schema: z.string().min(1).optional(),
    help: 'Path of a kubeconfig; counts only with POD_EIP_CLUSTER=kubernetes.',
  } satisfies SettingSpec<string | undefined>,
}

/** Cascade reclaim, of those who decide about it and those who show it. */
export const cascadeSettings = {
  cascade: {
    env: 'POD_EIP_ENABLE_OWNERREF',
    flag: 'enable-ownerref',
    boolean: true,
    schema: z
      .enum(['true', 'false'], { error: 'neither true nor false' })
      .default('false')
      .transform((text) => text === 'true'),
    help: 'Static EIPs go with the workload of their Pods (cascade reclaim).',
  } satisfies SettingSpec<boolean>,
}

/** Egress through the EIP, of those who keep it and those who look for what stands in its way. */
export const egressSettings = {
  egress: {
    env: 'POD_EIP_ENABLE_EGRESS',
    flag: 'enable-egress',
    boolean: true,
    schema: z
      .enum(['true', 'false'], { error: 'neither true nor false' })
      .default('false')
      .transform((text) => text === 'true'),
    help: 'What Pods with an EIP send leaves through it: ip-masq-agent is told to leave their addresses alone.',
  } satisfies SettingSpec<boolean>,
}
