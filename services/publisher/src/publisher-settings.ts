import {
  cascadeSettings,
  clusterSettings,
  databaseSettings,
  dnsLabel,
  dnsName,
  egressSettings,
  redisSettings,
  type SettingSpec,
  serviceSettings,
} from '@pod-eip/runtime'
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
  ...redisSettings,
  ...serviceSettings,
  ...clusterSettings,
  ...cascadeSettings,
  ...egressSettings,
  masqAgentConfig: {
    env: 'POD_EIP_IP_MASQ_AGENT_CONFIG',
    flag: 'ip-masq-agent-config',
    schema: z
      .string()
      .regex(new RegExp(`^${dnsLabel}/${dnsName}$`), 'not namespace/name of a ConfigMap')
      .default('kube-system/ip-masq-agent-config'),
    help: "ConfigMap with the configuration of the nodes' ip-masq-agent, as namespace/name.",
  } satisfies SettingSpec<string>,
  masqAgentConfigKey: {
    env: 'POD_EIP_IP_MASQ_AGENT_CONFIG_KEY',
    flag: 'ip-masq-agent-config-key',
    schema: z
      .string()
      .regex(/^[-._a-zA-Z0-9]{1,253}$/, 'not a key of a ConfigMap')
      .default('config'),
    help: 'Key of that ConfigMap under which the configuration stands.',
  } satisfies SettingSpec<string>,
  qps: {
    env: 'POD_EIP_KUBE_API_QPS',
    flag: 'kube-api-qps',
    schema: whole(50),
    help: 'Requests to the API server per second at most; lists and watches are not counted.',
  } satisfies SettingSpec<number>,
  burst: {
    env: 'POD_EIP_KUBE_API_BURST',
    flag: 'kube-api-burst',
    schema: whole(100),
    help: 'Requests to the API server that may go out at once after a quiet time.',
  } satisfies SettingSpec<number>,
  concurrency: {
    env: 'POD_EIP_PUBLISHER_CONCURRENCY',
    flag: 'concurrency',
    schema: whole(10),
    help: 'Claims and Nodes that are published at a time.',
  } satisfies SettingSpec<number>,
}
