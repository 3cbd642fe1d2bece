import type { CloudAddress } from '@pod-eip/cloud'
import { clusterTag } from '@pod-eip/cloud-calls'
import type { Claim } from '@pod-eip/domain'

import type { Surveying } from './surveying.ts'

/** The cloud and the log, each as it was at about the same time. */
export interface Comparison {
  /** Claims that have an EIP. */
  claims: Claim[]
  /** EIPs by their ids: all that carry this cluster's tag, and those of claims that do not. */
  shown: ReadonlyMap<string, CloudAddress>
}

/** EIPs asked for by their ids in one call. */
const atOnce = 100

/** The cloud is read before the log: an EIP that a claim got in between is known to the log, and no orphan. */
export async function readAddresses({ cloud, readModels, settings }: Surveying): Promise<Comparison> {
  const tagged = await cloud.describeAddresses({ tags: [{ key: clusterTag, value: settings.clusterId }] })
  const shown = new Map(tagged.map((address) => [address.addressId, address]))
  const claims = (await readModels.claims({ open: true })).filter((claim) => claim.address !== null)
  // Those of the user's carry no tag of ours, and somebody may have taken it off an EIP of ours.
  const others = claims.map((claim) => claim.address!.id).filter((id) => !shown.has(id))
  for (const address of await describeByIds(others, cloud)) shown.set(address.addressId, address)
  return { claims, shown }
}

/** EIPs by their ids; those that do not exist are left out. */
export async function describeByIds(ids: string[], cloud: Surveying['cloud']): Promise<CloudAddress[]> {
  const found: CloudAddress[] = []
  for (let first = 0; first < ids.length; first += atOnce) {
    found.push(...(await cloud.describeAddresses({ addressIds: ids.slice(first, first + atOnce) })))
  }
  return found
}
