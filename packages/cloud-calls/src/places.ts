import type { CloudAddress } from '@pod-eip/cloud'
import type { ReadModels } from '@pod-eip/read-models'

export type PlacesKnown = Pick<ReadModels, 'nodes' | 'everBoundTo'>

/**
 * Whether the place where an EIP is bound may be another Pod's: an address of a node's CVM that is not the CVM's
 * own, and to which no binding of this claim was ever decided. Pods without an EIP are not known here, so every such
 * address may be one's.
 */
export async function mayBeAnothers(
  { instanceId, privateIpAddress }: CloudAddress,
  claim: string,
  readModels: PlacesKnown,
): Promise<boolean> {
  if (instanceId === null || privateIpAddress === null) return false
  const nodes = await readModels.nodes()
  const node = nodes.find((known) => !known.removed && known.instanceId === instanceId)
  if (!node || node.internalIp === privateIpAddress) return false
  return !(await readModels.everBoundTo(claim, privateIpAddress))
}
