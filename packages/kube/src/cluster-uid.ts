import type { Cluster } from './cluster.ts'
import { namespaces } from './resources.ts'

/**
 * What tells one cluster from another: the uid of its namespace kube-system; `null` where there is none.
 *
 * @throws KubeError
 */
export async function clusterUid(cluster: Pick<Cluster, 'get'>): Promise<string | null> {
  return (await cluster.get(namespaces, null, 'kube-system'))?.metadata.uid ?? null
}
