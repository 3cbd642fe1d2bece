import type { Claim } from '../claim/claim.ts'
import { formatIpv4Block, inOneOf, mergeIpv4, parseIpv4, parseIpv4Block } from './ipv4-block.ts'

/**
 * The private address whose outbound traffic has to leave its node as it is for the claim's EIP to be its source;
 * `null` when there is none. There is one while the EIP is bound to a Pod on an interface that Pods share: traffic of
 * an interface of the Pod's own does not pass the node's SNAT. From the moment the Pod is told to end there is none
 * any more, since its address may be another Pod's right after. A Pod that a list lacked may live: it keeps it for
 * as long as its EIP stays bound.
 */
export function egressAddressOf({ phase, binding, pod }: Claim): string | null {
  if (phase !== 'Bound' || !binding || binding.ownInterface) return null
  if (!pod || pod.uid !== binding.podUid || pod.terminating) return null
  if (pod.ended && pod.ended.reason !== 'Missed') return null
  return parseIpv4(binding.privateIp) === null ? null : binding.privateIp
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
