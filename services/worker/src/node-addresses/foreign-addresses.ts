import type { AddressStatus, CloudAddress } from '@pod-eip/cloud'
import { allocationTag, clusterTag } from '@pod-eip/cloud-calls'
import type { ForeignAddress } from '@pod-eip/domain'
import type { ReadModels } from '@pod-eip/read-models'

/** What takes a place on a CVM; one that is on its way off soon does not. */
const placed: readonly AddressStatus[] = ['BINDING', 'BIND', 'BIND_ENI']

/**
 * The EIPs on each of the CVMs that neither carry our tag nor are in a claim's hands, in order of their ids.
 * @param addresses what the cloud shows on these CVMs
 */
export async function foreignAddresses(
  instanceIds: string[],
  addresses: CloudAddress[],
  deps: {
    readModels: Pick<ReadModels, 'address' | 'listing'>
    clusterId: string
  },
): Promise<Map<string, ForeignAddress[]>> {
  const { readModels, clusterId } = deps
  const found = new Map<string, ForeignAddress[]>(instanceIds.map((id) => [id, []]))
  for (const address of addresses) {
    const { addressId, instanceId, privateIpAddress: privateIp, status } = address
    const onIt = instanceId === null ? undefined : found.get(instanceId)
    if (!onIt || !placed.includes(status) || isTaggedAsOurs(address, clusterId)) continue
    const ours = (await readModels.address(addressId))?.releasedAt === ''
    // One of the user's counts as ours while a claim has it.
    const held = !ours && (await readModels.listing(addressId))?.holder
    if (!ours && !held) onIt.push({ addressId, privateIp })
  }
  for (const onIt of found.values()) onIt.sort((a, b) => (a.addressId < b.addressId ? -1 : 1))
  return found
}

function isTaggedAsOurs({ tags }: CloudAddress, clusterId: string): boolean {
  return (
    tags.some(({ key }) => key === allocationTag) &&
    tags.some(({ key, value }) => key === clusterTag && value === clusterId)
  )
}
