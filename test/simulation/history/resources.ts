import { annotationNames, defaultAnnotationDomain } from '@pod-eip/domain'
import { eipClaims, type KubeObject } from '@pod-eip/kube'
import { ApiError, type KubeStore } from '@pod-eip/simulators/kube'

/** The annotations that ask: for EIPs of the user's, or for one of its own. */
export const { idList, attributes } = annotationNames(defaultAnnotationDomain)

/** Whether a Pod asks for an EIP. */
export function asksForEip({ metadata }: KubeObject): boolean {
  return [idList, attributes].some((name) => metadata.annotations?.[name] !== undefined)
}

/** The EIPClaims; none before the publisher has brought their definition. */
export function claims({ kube }: { kube: KubeStore }): KubeObject[] {
  try {
    return kube.list(eipClaims, { namespace: 'default' }).items
  } catch (error) {
    if (error instanceof ApiError) return []
    throw error
  }
}
