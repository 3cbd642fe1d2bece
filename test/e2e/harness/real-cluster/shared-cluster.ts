import { askOnDemand } from '@pod-eip/devstack/on-demand'
import { writeKubeconfig } from '@pod-eip/devstack/real-cluster'
import { createApiClient } from '../../../api-server/api-client.ts'
import { auditFrom } from '../audit.ts'
import type { Way } from '../installed-manifests.ts'
import { installServiceAccounts } from '../service-accounts.ts'
import { emptyCluster } from './empty-cluster.ts'

/** Names the variable through which a test run tells its workers whom to ask for their real clusters. */
export const realClusterVariable = 'POD_EIP_TEST_REAL_CLUSTER'

/** Under which name a worker asks for its own. */
export const clusterOfWorker = (id: string) => `cluster-${id}`

/** The control plane of a worker, whose files use it one after the other. */
export interface SharedCluster {
  server: string
  ca: string
  /** An administrator's. */
  token: string
  /** File in which the API server writes down the requests of the services. */
  auditLog: string
}

/**
 * The real cluster of this worker, emptied, with the services' accounts in it.
 * @param dir a folder for kubeconfigs
 * @param way for whose processes the manifests give rights
 */
export async function useRealCluster(dir: string, way: Way) {
  const broker = process.env[realClusterVariable]
  if (!broker) throw new Error('no real cluster here: npm run test:cluster has one')
  const shared: SharedCluster = JSON.parse(
    await askOnDemand(broker, clusterOfWorker(process.env.VITEST_POOL_ID!)),
  )
  const api = createApiClient(shared)
  await emptyCluster(api).finally(() => api.close())
  const kubeconfigFor = (name: string, token: string) => writeKubeconfig(dir, name, { ...shared, token })
  const kubeconfig = kubeconfigFor('admin', shared.token)
  return {
    kubeconfig,
    kubeconfigOf: await installServiceAccounts({ kubeconfig, kubeconfigFor }, dir, way),
    audited: await auditFrom(shared.auditLog),
    /** The next file empties what this one leaves. */
    close: async () => {},
  }
}
