import type { CloudAddress, EipCloud } from '@pod-eip/cloud'
import { allocationTag, clusterTag } from '@pod-eip/cloud-calls'
import { isBound, notOursSentence, placeOf, type TeardownItem } from './item.ts'

export interface PlanningFromTags {
  cluster: string
  cloud: Pick<EipCloud, 'describeAddresses' | 'describeNetworkInterfaces'>
}

/** Interfaces asked for by their ids in one call. */
const atOnce = 100

/**
 * What there is of a cluster by the tags of its EIPs alone: those with the tag of an allocation are ours. EIPs of the
 * user's carry no tag, so nothing is known of them. Looks, and changes nothing.
 */
export async function planFromTags({ cluster, cloud }: PlanningFromTags): Promise<TeardownItem[]> {
  const tagged = await cloud.describeAddresses({ tags: [{ key: clusterTag, value: cluster }] })
  const there = tagged.filter(({ status }) => status !== 'OFFLINING')
  const podPlaces = await placesOfPods(there, cloud)
  return there.map((address) => itemOf(address, podPlaces))
}

function itemOf(address: CloudAddress, podPlaces: ReadonlySet<string>): TeardownItem {
  const { addressId, addressIp: publicIp, addressName } = address
  const about = { addressId, publicIp, claim: claimOf(addressName), boundTo: placeOf(address) }
  if (!address.tags.some(({ key }) => key === allocationTag)) {
    return { ...about, claim: '', does: 'not ours', says: notOursSentence }
  }
  if (!isBound(address)) return { ...about, does: 'release', says: '' }
  if (podPlaces.has(placeKey(address))) return { ...about, does: 'unbind and release', says: '' }
  return {
    ...about,
    does: 'leave',
    says: `it is bound to ${placeOf(address)}, where no Pod can be, so somebody else has bound it; unbind it there, then run this again.`,
  }
}

/** An EIP has the name of its Pod, or of its workload, unless the user gave it one. */
function claimOf(name: string): string {
  const [namespace, pod, ...more] = name.split('_')
  return namespace && pod && more.length === 0 ? `${namespace}/${pod}` : ''
}

/**
 * Where Pods can be: on an interface that is not the CVM's own. Without a log nobody knows who bound an EIP, but
 * pod-eip never binds one to a CVM's own interface, nor to anything that is no interface.
 */
export async function placesOfPods(
  addresses: CloudAddress[],
  cloud: Pick<EipCloud, 'describeNetworkInterfaces'>,
): Promise<Set<string>> {
  const bound = addresses.filter(isBound)
  const ids = [...new Set(bound.flatMap(({ networkInterfaceId }) => networkInterfaceId ?? []))]
  const places = new Set<string>()
  for (let first = 0; first < ids.length; first += atOnce) {
    const networkInterfaceIds = ids.slice(first, first + atOnce)
    for (const found of await cloud.describeNetworkInterfaces({ networkInterfaceIds })) {
      if (found.primary) continue
      for (const { privateIpAddress } of found.privateIpAddresses) {
        places.add(`${found.networkInterfaceId} ${privateIpAddress}`)
      }
    }
  }
  return places
}

export function placeKey({ networkInterfaceId, privateIpAddress }: CloudAddress): string {
  return `${networkInterfaceId} ${privateIpAddress}`
}
