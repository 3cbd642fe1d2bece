import { annotationNames, defaultAnnotationDomain } from '@pod-eip/domain'
import { eipClaims, type KubeObject } from '@pod-eip/kube'
import { ApiError, type KubeStore } from '@pod-eip/simulators/kube'

/** The annotation that names EIPs of the user's. */
export const { idList } = annotationNames(defaultAnnotationDomain)

/** The EIPClaims; none before the publisher has brought their definition. */
export function claims({ kube }: { kube: KubeStore }): KubeObject[] {
  try {
    return kube.list(eipClaims, { namespace: 'default' }).items
  } catch (error) {
    if (error instanceof ApiError) return []
    throw error
  }
}
