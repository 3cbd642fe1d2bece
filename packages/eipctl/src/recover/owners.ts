import type { CloudAddress } from '@pod-eip/cloud'
import type { RecoveryProof } from '@pod-eip/domain'
import { isBound } from '../teardown/item.ts'
import type { Seen, SeenPod } from './seen.ts'

/** Whose an EIP is, and what proves it. */
export interface Owned {
  addressId: string
  claim: string
  proof: RecoveryProof
}

/** The strongest first. */
const strength: RecoveryProof[] = ['Log', 'Binding', 'EIPClaim', 'Pod', 'Allocation', 'Gone']

export interface Owners {
  owned: Owned[]
  /** EIPs that several claims' objects name and nothing else tells whose they are, with those claims. */
  disputed: ReadonlyMap<string, string[]>
}

/** What one kind of proof says of an EIP: whose it may be by that. */
interface Witness {
  proof: RecoveryProof
  says: (addressId: string) => readonly string[]
}

/**
 * Whose each EIP of ours is; those that are nobody's are left out. The first witness that names one claim counts. They
 * are in the order of how hard it is to make them lie:
 *
 * 1. The log: only the services write there, and an EIP that was created for a claim never becomes another one's.
 * 2. A binding to the address of one living Pod that asks, where its EIPClaim or annotation names the EIP as well. By
 *    itself a binding says less: the address of a Pod that has ended may be another Pod's by now.
 * 3. An EIPClaim: the services write it, and whoever may write EIPClaims.
 * 4. Such a binding alone.
 * 5. A Pod's annotation: whoever may write Pods can put anything there.
 * 6. An EIP that the log has as one too many of a claim.
 *
 * Where the log knows for whom an EIP's allocation was, only those are believed to have it.
 */
export function ownersOf(seen: Seen): Owners {
  const owned: Owned[] = []
  const disputed = new Map<string, string[]>()
  const nobodys: string[] = []
  const witnesses = witnessesOf(seen)
  for (const [addressId, allocationId] of seen.ours) {
    const may = membersOf(allocationId, seen)
    let found: Owned | null = null
    for (const { proof, says } of witnesses) {
      const named = says(addressId).filter((claim) => proof === 'Log' || !may || may.has(claim))
      if (named.length > 1) disputed.set(addressId, [...named].sort())
      if (named.length === 1) found = { addressId, claim: named[0]!, proof }
      if (named.length > 0) break
    }
    if (found) owned.push(found)
    else if (!disputed.has(addressId)) nobodys.push(addressId)
  }
  return { owned: [...owned, ...byAllocation(nobodys, owned, seen)], disputed }
}

function witnessesOf(seen: Seen): Witness[] {
  const objects = byEip([...seen.objects.values()])
  const annotations = byEip([...seen.pods.values()])
  const podAt = podsByPlace(seen)
  const atItsPlace = (id: string) => podAt(seen.shown.get(id)!)?.claim
  const logHas = new Map<string, string>()
  const surplus = new Map<string, string>()
  for (const claim of seen.claims.values()) {
    for (const { id } of claim.surplus) surplus.set(id, claim.key)
    if (claim.address) logHas.set(claim.address.id, claim.key)
  }
  const one = (claim: string | undefined) => (claim === undefined ? [] : [claim])
  const named = (id: string) => [...(objects.get(id) ?? []), ...(annotations.get(id) ?? [])]
  return [
    { proof: 'Log', says: (id) => one(logHas.get(id)) },
    { proof: 'Binding', says: (id) => one(atItsPlace(id)).filter((claim) => named(id).includes(claim)) },
    { proof: 'EIPClaim', says: (id) => objects.get(id) ?? [] },
    { proof: 'Binding', says: (id) => one(atItsPlace(id)) },
    { proof: 'Pod', says: (id) => annotations.get(id) ?? [] },
    { proof: 'Log', says: (id) => one(surplus.get(id)) },
  ]
}

/** The claims that name each EIP. */
export function byEip(naming: readonly { claim: string; eipId: string }[]): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const { claim, eipId } of naming) found.set(eipId, [...(found.get(eipId) ?? []), claim])
  return found
}

/** For whom the log knows the allocation to have been; `null` where it does not know it. */
function membersOf(allocationId: string, { allocations }: Seen): ReadonlySet<string> | null {
  const intent = allocations.get(allocationId)
  return intent ? new Set([intent.claim, ...intent.members.map(({ claim }) => claim)]) : null
}

/**
 * The one of a claim's EIPs that it has; the others came beyond. Which of its own it is its objects say better than an
 * older log.
 */
export function bestOf(owned: Owned[], { shown, pods, objects }: Seen): Owned {
  const rank = ({ addressId, claim, proof }: Owned): number[] => {
    const address = shown.get(addressId)
    const pod = pods.get(claim)
    const atItsPod = address && isBound(address) && pod?.privateIp === address.privateIpAddress
    return [
      atItsPod ? 0 : 1,
      objects.get(claim)?.eipId === addressId ? 0 : 1,
      pod?.eipId === addressId ? 0 : 1,
      strength.indexOf(proof),
    ]
  }
  const before = (a: number[], b: number[]) => {
    const at = a.findIndex((value, index) => value !== b[index])
    return at < 0 ? 0 : a[at]! - b[at]!
  }
  return [...owned].sort((a, b) => before(rank(a), rank(b)))[0]!
}

/** The Pod that asks for an EIP at the place where one is bound; nobody where there could be several. */
export function podsByPlace({ pods }: Seen): (address: CloudAddress) => SeenPod | undefined {
  const asking = [...pods.values()].filter((pod) => pod.asks && !pod.hostNetwork && pod.privateIp !== null)
  const byIp = Map.groupBy(asking, ({ privateIp }) => privateIp!)
  return (address) => {
    if (!isBound(address) || address.privateIpAddress === null) return undefined
    const there = byIp.get(address.privateIpAddress) ?? []
    return there.length === 1 ? there[0] : undefined
  }
}

/** What an allocation brought is for those it was decided for, whose Pods live and have nothing yet. */
function byAllocation(nobodys: string[], owned: Owned[], seen: Seen): Owned[] {
  const served = new Set(owned.map(({ claim }) => claim))
  const found: Owned[] = []
  for (const addressId of nobodys.sort()) {
    const members = seen.allocations.get(seen.ours.get(addressId)!)?.members ?? []
    const member = members.find(({ claim, podUid }) => {
      return !served.has(claim) && seen.pods.get(claim)?.uid === podUid
    })
    if (!member) continue
    served.add(member.claim)
    found.push({ addressId, claim: member.claim, proof: 'Allocation' })
  }
  return found
}
