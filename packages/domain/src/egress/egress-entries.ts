import type { Claim } from '../claim/claim.ts'
import { formatIpv4Block, inOneOf, mergeIpv4, parseIpv4, parseIpv4Block } from './ipv4-block.ts'

/**
 * How long before a Pod's end its entry goes, in ms: ip-masq-agent takes up a change within a minute, and the Pod's
 * address may be another's right after.
 */
const leadMs = 90_000

/** An address whose packets are to leave their node as they are. */
export interface EgressAddress {
  address: string
  /** Until when, epoch ms; `null` = for as long as nothing changes. */
  until: number | null
}

/**
 * The private address whose outbound traffic has to leave its node as it is for the claim's EIP to be its source;
 * `null` when there is none. There is one while the EIP is bound to a Pod on an interface that Pods share: traffic of
 * an interface of the Pod's own does not pass the node's SNAT. It goes before the Pod does. A Pod that a list lacked
 * may live: it keeps it for as long as its EIP stays bound.
 */
export function egressAddressOf({ phase, binding, pod }: Claim): EgressAddress | null {
  if (phase !== 'Bound' || !binding || binding.ownInterface) return null
  if (!pod || pod.uid !== binding.podUid) return null
  if (pod.ended && pod.ended.reason !== 'Missed') return null
  if (parseIpv4(binding.privateIp) === null) return null
  if (!pod.terminating) return { address: binding.privateIp, until: null }
  return pod.endsBy === undefined
    ? null
    : { address: binding.privateIp, until: Date.parse(pod.endsBy) - leadMs }
}

/**
 * The shortest list of blocks that holds exactly these addresses, without those that `others` hold already.
 * @param others entries of somebody else; what is no IPv4 block holds nothing
 */
export function egressEntries(addresses: Iterable<string>, others: Iterable<string>): string[] {
  const missing = addressesWithoutEntry(addresses, others).flatMap((address) => parseIpv4(address) ?? [])
  return mergeIpv4(missing).map(formatIpv4Block)
}

/** Those of the IPv4 addresses that none of the entries holds. */
export function addressesWithoutEntry(addresses: Iterable<string>, entries: Iterable<string>): string[] {
  const held = inOneOf([...entries].flatMap((entry) => parseIpv4Block(entry) ?? []))
  return [...addresses].filter((address) => {
    const ip = parseIpv4(address)
    return ip !== null && !held(ip)
  })
}
