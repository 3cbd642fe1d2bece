import type { CloudAddress, EipCloud } from '@pod-eip/cloud'
import { allocationTag, clusterTag } from '@pod-eip/cloud-calls'
import type { AutoAddress, Claim } from '@pod-eip/domain'
import type { ReadModels } from '@pod-eip/read-models'
import { claimsInPages } from '../connect/claims-in-pages.ts'
import { isBound, notOursSentence, obstacle, placeOf, type TeardownItem } from './item.ts'
import { placeKey, placesOfPods } from './plan-from-tags.ts'

export interface PlanningFromLog {
  cluster: string
  cloud: Pick<EipCloud, 'describeAddresses' | 'describeNetworkInterfaces'>
  readModels: Pick<ReadModels, 'claims' | 'address' | 'intentOfAllocation' | 'nodes'>
}

/** What there is of a cluster by its log, held against the cloud. */
export interface LogPlan {
  items: TeardownItem[]
  /** EIPs of ours that no claim has, bound to nothing: the log has to learn of them before they can go. */
  strays: Stray[]
  /** Such EIPs that are bound where Pods of the cluster can be: the order is about them, too. */
  boundStrays: BoundStray[]
  /** Claims whose EIP is bound to a Pod that lives by the log. */
  livePods: number
  /** Another cluster whose tag EIPs of this log carry; empty when there is none. */
  foreignCluster: string
}

export interface Stray {
  addressId: string
  publicIp: string
  allocationId: string
  /** Whose it becomes. */
  claim: string
}

export interface BoundStray extends Stray {
  node: string
  instanceId: string
  networkInterfaceId: string
  privateIp: string
}

/** EIPs asked for by their ids in one call. */
const atOnce = 100

/** Looks at the cloud, then at the log, and changes nothing. */
export async function planFromLog({ cluster, cloud, readModels }: PlanningFromLog): Promise<LogPlan> {
  const tagged = await cloud.describeAddresses({ tags: [{ key: clusterTag, value: cluster }] })
  const shown = new Map(tagged.map((address) => [address.addressId, address]))
  const claims = await claimsInPages(readModels, hasSomething)
  const known = claims.flatMap((claim) => [...(claim.address ? [claim.address] : []), ...claim.surplus])
  const others = known.map(({ id }) => id).filter((id) => !shown.has(id))
  for (let first = 0; first < others.length; first += atOnce) {
    const found = await cloud.describeAddresses({ addressIds: others.slice(first, first + atOnce) })
    for (const address of found) shown.set(address.addressId, address)
  }
  const items = claims.flatMap((claim) => itemsOf(claim, shown))
  const had = new Set(known.map(({ id }) => id))
  const [strays, boundStrays]: [Stray[], BoundStray[]] = [[], []]
  const unclaimed = tagged.filter(({ addressId }) => !had.has(addressId))
  const onNode = await placesOnNodes(unclaimed, { cloud, readModels })
  for (const address of unclaimed) {
    const stray = await judgeStray(address, onNode(address), readModels)
    if (stray) items.push(stray.item)
    if (stray?.goes) strays.push(stray.goes)
    if (stray?.leaves) boundStrays.push(stray.leaves)
  }
  return {
    items,
    strays,
    boundStrays,
    livePods: claims.filter(({ binding, pod }) => binding && pod && !pod.ended).length,
    foreignCluster: foreignCluster(cluster, claims, shown),
  }
}

function hasSomething({ address, surplus, intent, binding }: Claim): boolean {
  return address !== null || surplus.length > 0 || intent !== null || binding !== null
}

function itemsOf(claim: Claim, shown: ReadonlyMap<string, CloudAddress>): TeardownItem[] {
  const items = claim.surplus.map((surplus) => ofSurplus(claim, surplus, shown.get(surplus.id)))
  if (claim.address) items.push(ofAddress(claim, claim.address, shown.get(claim.address.id)))
  else if (claim.intent?.action === 'allocate') {
    const says = 'an allocation is under way; what it brings is released.'
    items.push({ ...ofClaim(claim), addressId: '', publicIp: '', does: 'call off', boundTo: '', says })
  }
  return items
}

function ofAddress(
  claim: Claim,
  address: NonNullable<Claim['address']>,
  shown: CloudAddress | undefined,
): TeardownItem {
  const about = {
    ...ofClaim(claim),
    addressId: address.id,
    publicIp: address.publicIp,
    boundTo: placeOf(shown),
  }
  const says = claim.intent && claim.problem?.code ? obstacle(claim.problem) : ''
  if (!shown) {
    return { ...about, does: 'settle', says: 'the cloud does not have it any more; the log learns that.' }
  }
  if (!isBound(shown)) return { ...about, does: address.source === 'listed' ? 'settle' : 'release', says }
  if (!isBoundByUs(claim, shown)) {
    const theirs = `it is bound to ${placeOf(shown)} by somebody else`
    return address.source === 'listed'
      ? { ...about, does: 'settle', says: `${theirs} and stays there; only the claim lets go of it.` }
      : { ...about, does: 'leave', says: `${theirs}; unbind it there, then run this again.` }
  }
  return { ...about, does: address.source === 'listed' ? 'unbind' : 'unbind and release', says }
}

/** Whether it is where our last binding put it. */
function isBoundByUs(claim: Claim, shown: CloudAddress): boolean {
  const { binding, lastPrivateIp, lastNetworkInterfaceId } = claim
  const ip = binding?.privateIp ?? lastPrivateIp
  const eni = binding?.networkInterfaceId || lastNetworkInterfaceId
  return shown.privateIpAddress === ip && (!eni || shown.networkInterfaceId === eni)
}

function ofSurplus(
  claim: Claim,
  { id, publicIp }: AutoAddress,
  shown: CloudAddress | undefined,
): TeardownItem {
  const about = { ...ofClaim(claim), addressId: id, publicIp, boundTo: placeOf(shown) }
  if (!shown) return { ...about, does: 'settle', says: '' }
  if (isBound(shown)) return { ...about, does: 'leave', says: boundStraySentence(shown) }
  const says = claim.intent && claim.problem?.code ? obstacle(claim.problem) : 'no claim has it.'
  return { ...about, does: 'release', says }
}

function ofClaim({ key }: Claim) {
  return { claim: key }
}

/** What is to be said of an EIP with the tag of this cluster that no claim has. */
async function judgeStray(
  address: CloudAddress,
  place: Pick<BoundStray, 'node' | 'instanceId' | 'networkInterfaceId' | 'privateIp'> | null,
  readModels: PlanningFromLog['readModels'],
): Promise<{ item: TeardownItem; goes?: Stray; leaves?: BoundStray } | null> {
  const { addressId, addressIp: publicIp } = address
  const about = { addressId, publicIp, claim: '', boundTo: placeOf(address) }
  const allocationId = address.tags.find(({ key }) => key === allocationTag)?.value
  if (allocationId === undefined) {
    return { item: { ...about, does: 'not ours', says: notOursSentence } }
  }
  if (address.status === 'OFFLINING') return null
  const intent = await readModels.intentOfAllocation(allocationId)
  // Its outcome says whose it is.
  if (intent && intent.status !== 'done') return null
  if (isBound(address)) {
    if (!place) return { item: { ...about, does: 'leave', says: boundStraySentence(address) } }
    const says = 'it carries the tags of this cluster, and no claim of the log has it.'
    return {
      item: { ...about, does: 'unbind and release', says },
      leaves: { addressId, publicIp, allocationId, claim: `kube-system/${addressId}`, ...place },
    }
  }
  const says = intent ? 'no claim has it.' : 'the log does not know the allocation that brought it.'
  const claim = intent?.claim ?? `kube-system/${addressId}`
  return {
    item: { ...about, does: 'release', says },
    goes: { addressId, publicIp, allocationId, claim },
  }
}

function boundStraySentence(address: CloudAddress): string {
  return `it is bound to ${placeOf(address)}, which is no place of a Pod on a node of this cluster, and no claim of the log has it; unbind it there, then run this again.`
}

/** Which EIPs are bound where Pods can be, on nodes that the log knows or knew: there pod-eip may have bound them. */
async function placesOnNodes(
  addresses: CloudAddress[],
  { cloud, readModels }: Pick<PlanningFromLog, 'cloud' | 'readModels'>,
) {
  const bound = addresses.filter(({ tags }) => tags.some(({ key }) => key === allocationTag)).filter(isBound)
  if (bound.length === 0) return () => null
  const podPlaces = await placesOfPods(bound, cloud)
  const nodes = new Map((await readModels.nodes()).map(({ instanceId, name }) => [instanceId, name]))
  return (address: CloudAddress) => {
    const { instanceId, networkInterfaceId, privateIpAddress: privateIp } = address
    const node = instanceId === null ? undefined : nodes.get(instanceId)
    if (!node || !instanceId || !networkInterfaceId || !privateIp) return null
    return podPlaces.has(placeKey(address)) ? { node, instanceId, networkInterfaceId, privateIp } : null
  }
}

/** EIPs that were created for this log's claims show whose log it is. */
function foreignCluster(cluster: string, claims: Claim[], shown: ReadonlyMap<string, CloudAddress>): string {
  for (const { address } of claims) {
    if (address?.source !== 'auto') continue
    const tag = shown.get(address.id)?.tags.find(({ key }) => key === clusterTag)
    if (tag && tag.value !== cluster) return tag.value
  }
  return ''
}
