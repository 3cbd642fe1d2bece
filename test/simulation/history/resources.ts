import type { KubeObject } from '@pod-eip/kube'
import { ApiError, type KubeStore } from '@pod-eip/simulators/kube'

const core = (plural: string, kind: string, namespaced = true) => ({
  group: '',
  version: 'v1',
  plural,
  kind,
  namespaced,
})
const apps = (plural: string, kind: string) => ({
  group: 'apps',
  version: 'v1',
  plural,
  kind,
  namespaced: true,
})
export const pods = core('pods', 'Pod')
export const nodes = core('nodes', 'Node', false)
export const statefulSets = apps('statefulsets', 'StatefulSet')
export const replicaSets = apps('replicasets', 'ReplicaSet')
export const deployments = apps('deployments', 'Deployment')
export const eipClaims = {
  group: 'networking.tke.cloud.tencent.com',
  version: 'v1',
  plural: 'eipclaims',
  kind: 'EIPClaim',
  namespaced: true,
}

/** The annotation that names EIPs of the user's. */
export const idList = 'tke.cloud.tencent.com/eip-id-list'

/** The EIPClaims; none before the publisher has brought their definition. */
export function claims({ kube }: { kube: KubeStore }): KubeObject[] {
  try {
    return kube.list(eipClaims, { namespace: 'default' }).items
  } catch (error) {
    if (error instanceof ApiError) return []
    throw error
  }
}
