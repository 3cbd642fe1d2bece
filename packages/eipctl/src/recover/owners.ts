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

/** The strongest first; of several EIPs that are proved to be a claim's it has the one with the strongest proof. */
const strength: RecoveryProof[] = ['EIPClaim', 'Pod', 'Binding', 'Log', 'Allocation', 'Gone']

/** Whose each EIP of ours is; those that are nobody's are left out. */
export function ownersOf(seen: Seen): Owned[] {
  const byObject = new Map([...seen.objects.values()].map(({ eipId, claim }) => [eipId, claim]))
  const byAnnotation = new Map([...seen.pods.values()].map(({ eipId, claim }) => [eipId, claim]))
  const byPlace = podsByPlace(seen)
  const byLog = new Map<string, string>()
  for (const { key, address, surplus } of seen.claims.values()) {
    for (const { id } of surplus) byLog.set(id, key)
    if (address) byLog.set(address.id, key)
  }
  const owned: Owned[] = []
  const nobodys: string[] = []
  for (const addressId of seen.ours.keys()) {
    const proofs: [RecoveryProof, string | undefined][] = [
      ['EIPClaim', byObject.get(addressId)],
      ['Pod', byAnnotation.get(addressId)],
      ['Binding', byPlace(seen.shown.get(addressId)!)?.claim],
      ['Log', byLog.get(addressId)],
    ]
    const found = proofs.find(([, claim]) => claim !== undefined)
    if (found) owned.push({ addressId, claim: found[1]!, proof: found[0] })
    else nobodys.push(addressId)
  }
  return [...owned, ...byAllocation(nobodys, owned, seen)]
}

/** The one of a claim's EIPs that it has; the others came beyond. */
export function bestOf(owned: Owned[], { shown, pods }: Seen): Owned {
  const atItsPod = ({ addressId, claim }: Owned) => {
    const address = shown.get(addressId)
    const pod = pods.get(claim)
    return address && isBound(address) && pod?.privateIp === address.privateIpAddress ? 0 : 1
  }
  return [...owned].sort(
    (a, b) => atItsPod(a) - atItsPod(b) || strength.indexOf(a.proof) - strength.indexOf(b.proof),
  )[0]!
}

/** The Pod that asks for an EIP at the place where one is bound; nobody where there could be several. */
function podsByPlace({ pods }: Seen): (address: CloudAddress) => SeenPod | undefined {
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
