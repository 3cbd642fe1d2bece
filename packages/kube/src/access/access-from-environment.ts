import type { ClusterAccess } from './cluster-access.ts'
import { kubeConfigAccess } from './kube-config-access.ts'
import { hasServiceAccount, serviceAccountAccess } from './service-account-access.ts'

/** The cluster that the environment names: by `KUBECONFIG`, else the Pod's service account. */
export async function accessFromEnvironment(env: NodeJS.ProcessEnv = process.env): Promise<ClusterAccess> {
  if (env.KUBECONFIG) return kubeConfigAccess({ path: env.KUBECONFIG })
  if (hasServiceAccount({ env })) return serviceAccountAccess({ env })
  throw new Error(
    'There is no Kubernetes cluster to talk to: KUBECONFIG is not set and this process does not run in a Pod with a service account; set KUBECONFIG, for example to $HOME/.kube/config.',
  )
}
