import { SettingsError } from '@pod-eip/runtime'
import type { ClusterAccess } from './cluster-access.ts'
import { kubeConfigAccess } from './kube-config-access.ts'
import { hasServiceAccount, serviceAccountAccess } from './service-account-access.ts'

/**
 * The cluster that the environment names: by `KUBECONFIG` where `POD_EIP_CLUSTER=kubernetes` says that it is
 * meant, else the Pod's service account. An exported `KUBECONFIG` alone touches nobody's cluster.
 * @throws SettingsError when there is none, or its files lack something
 */
export async function accessFromEnvironment(env: NodeJS.ProcessEnv = process.env): Promise<ClusterAccess> {
  const meant = env.POD_EIP_CLUSTER === 'kubernetes'
  if (env.KUBECONFIG && meant) return kubeConfigAccess({ path: env.KUBECONFIG })
  if (hasServiceAccount({ env })) return serviceAccountAccess({ env })
  throw new SettingsError(
    'There is no Kubernetes cluster to talk to: this process does not run in a Pod with a service account; set POD_EIP_CLUSTER=kubernetes and KUBECONFIG, for example to $HOME/.kube/config.',
  )
}
