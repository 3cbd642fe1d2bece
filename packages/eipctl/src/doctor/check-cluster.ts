import {
  accessFromEnvironment,
  type Cluster,
  crdOwnerLabel,
  crdRevision,
  createHttpCluster,
  customResourceDefinitions,
  eipClaimCrd,
  eipClaims,
  hasServiceAccount,
  revisionOf,
} from '@pod-eip/kube'
import { type Check, type Environment, type Finding, finding } from './check.ts'

const definition = eipClaimCrd.metadata.name

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
          if (error.status !== 404) throw error
        })
        return [
          finding('cluster', 'ok', `The API server answers at ${access.server}.`),
          await definitionFinding(cluster),
        ]
      } finally {
        await cluster.close()
      }
    },
  }
}

async function definitionFinding(cluster: Cluster): Promise<Finding> {
  const crd = await cluster.get(customResourceDefinitions, null, definition)
  if (!crd) {
    return finding(
      'definition',
      'fail',
      `CustomResourceDefinition ${definition} is not installed; start the publisher, which installs it, and see what it logs.`,
    )
  }
  if (crd.metadata.labels?.[crdOwnerLabel.name] !== crdOwnerLabel.value) {
    return finding(
      'definition',
      'fail',
      `CustomResourceDefinition ${definition} was not installed by pod-eip, so nothing is published; remove it when TKE's own EIP feature is off, or label it ${crdOwnerLabel.name}=${crdOwnerLabel.value}.`,
    )
  }
  const revision = revisionOf(crd)
  if (revision === crdRevision) {
    return finding('definition', 'ok', `CustomResourceDefinition ${definition} has revision ${revision}.`)
  }
  return revision > crdRevision
    ? finding(
        'definition',
        'warn',
        `CustomResourceDefinition ${definition} has revision ${revision} of a newer build; this one writes ${crdRevision}.`,
      )
    : finding(
        'definition',
        'fail',
        `CustomResourceDefinition ${definition} has revision ${revision} and this build needs ${crdRevision}; restart the publisher, which brings it up to date.`,
      )
}
