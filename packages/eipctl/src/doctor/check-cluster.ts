import {
  accessFromEnvironment,
  type Cluster,
  configMaps,
  createHttpCluster,
  eipClaims,
  events,
  hasServiceAccount,
} from '@pod-eip/kube'
import { type Check, type Environment, type Finding, finding } from './check.ts'
import { definitionFinding } from './check-definition.ts'
import { mayList, rightsFinding } from './check-rights.ts'

/** The cluster: reachable, and with the definition of EIPClaim that this build writes. */
export function checkCluster(env: Environment): Check {
  return {
    name: 'cluster',
    async run() {
      if (env.POD_EIP_CLUSTER !== 'kubernetes' && !hasServiceAccount({ env: { ...env } })) {
        return [
          finding(
            'cluster',
            'not checked',
            'The Kubernetes cluster: set POD_EIP_CLUSTER=kubernetes and KUBECONFIG, or ask in a Pod with a token of the API server, such as the watcher.',
          ),
        ]
      }
      const access = await accessFromEnvironment({ ...env })
      const cluster = createHttpCluster({ access, userAgent: 'eipctl-doctor' })
      try {
        await cluster.list(eipClaims, { limit: 1 }).catch((error: { status?: number }) => {
          // Not served yet, or not for this token: both are told below.
          if (error.status !== 404 && error.status !== 403) throw error
        })
        return [
          finding('cluster', 'ok', `The API server answers at ${access.server}.`),
          await definitionFinding(cluster),
          await rightsFinding(cluster),
          await refusedFinding(cluster),
          ...(env.POD_EIP_ENABLE_EGRESS === 'true' ? [await masqAgentFinding(cluster, env)] : []),
        ]
      } finally {
        await cluster.close()
      }
    },
  }
}

/** Whether somebody, such as an admission policy, has lately refused what the publisher writes. */
async function refusedFinding(cluster: Cluster): Promise<Finding> {
  const check = 'writes'
  if (!(await mayList(cluster, 'events')))
    return finding(
      check,
      'not checked',
      'Events, which tell what somebody refuses of the publisher, may not be read from here: kubectl get events -A --field-selector reason=WriteRefused.',
    )
  const { items } = await cluster.list(events, { fieldSelector: 'reason=WriteRefused', limit: 1 })
  const [event] = items
  return event
    ? finding(check, 'warn', `Within the last hour: ${event.message}`)
    : finding(check, 'ok', 'No Event tells of a write of the publisher that somebody refuses.')
}

/** Whether there is an ip-masq-agent to tell whose packets to leave alone. */
async function masqAgentFinding(cluster: Cluster, env: Environment): Promise<Finding> {
  const place = env.POD_EIP_IP_MASQ_AGENT_CONFIG || 'kube-system/ip-masq-agent-config'
  const [namespace = '', name = ''] = place.split('/')
  const check = 'ip-masq-agent'
  try {
    const { items } = await cluster.list(configMaps, { namespace, fieldSelector: `metadata.name=${name}` })
    return items.length > 0
      ? finding(
          check,
          'ok',
          `ConfigMap ${place} is there; readyz of the publisher says how its list is kept.`,
        )
      : finding(
          check,
          'warn',
          `There is no ConfigMap ${place}, so nothing is done for egress; name that of the nodes' ip-masq-agent in POD_EIP_IP_MASQ_AGENT_CONFIG, or turn egress off.`,
        )
  } catch (error) {
    if ((error as { status?: number }).status !== 403) throw error
    return finding(
      check,
      'not checked',
      `ConfigMap ${place} may not be read from here: ask in the publisher.`,
    )
  }
}
