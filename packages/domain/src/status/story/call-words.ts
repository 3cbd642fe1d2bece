import type { Claim } from '../../claim/claim.ts'
import { formatDuration } from '../../duration.ts'
import type { DomainEvent } from '../../events/event.ts'
import { refusedListingSentence } from '../../listing/search.ts'
import { nameOf, sentence } from '../words.ts'

/** An EIP was ordered. @param company how many other claims share the call */
export function allocationOrdered(
  { attributes }: DomainEvent<'AllocationDecided'>['data'],
  company: number,
): string {
  const { internetMaxBandwidthOut, internetServiceProvider } = attributes
  const eip = `An EIP of ${internetMaxBandwidthOut} Mbit/s from ${internetServiceProvider} was ordered from Tencent Cloud`
  if (company === 0) return `${eip}.`
  return `${eip}, in one call with ${company === 1 ? '1 other claim' : `${company} other claims`} that asked for the same.`
}

export function allocated({ addresses, requestId }: DomainEvent<'AllocationCompleted'>['data']): string {
  const [own, ...surplus] = addresses.map((a) => nameOf({ id: a.addressId, publicIp: a.publicIp }))
  const more =
    surplus.length === 0 ? '' : `; beyond what was ordered came ${surplus.join(', ')}, to be released`
  return `Tencent Cloud allocated ${own}${more}, ${word(requestId, 'found by the tag of the allocation since no answer came')}.`
}

export function allocationSplit(split: DomainEvent<'AllocationSplit'>['data']): string {
  const { members, code, message, requestId } = split
  return `The allocation for ${members} claims at once brought no EIP for this one, Tencent Cloud answered ${JSON.stringify(message)} (${code}${requestId && `, RequestId ${requestId}`}); it is ordered anew in a smaller call.`
}

export function lookupOrdered({ addressIds, patient }: DomainEvent<'LookupDecided'>['data']): string {
  const goesOn = patient ? ', again and again until one of them can be had' : ''
  return `Tencent Cloud was to be asked about ${addressIds.join(', ')} of the Pod's list${addressIds.length > 1 ? goesOn : goesOn && ', again and again until it can be had'}.`
}

export function lookedUp({ free, inUse, refused }: DomainEvent<'LookupCompleted'>['data']): string {
  const found = [
    free.length > 0 &&
      `${free.map((a) => nameOf({ id: a.addressId, publicIp: a.publicIp })).join(', ')} is bound to nothing`,
    inUse.length > 0 && `${inUse.join(', ')} is bound to something that is not ours`,
    refused.length > 0 && refusedListingSentence(refused).replace(/\.$/, ''),
  ].filter((part) => part !== false)
  return sentence(`The look-up showed: ${found.join('; ') || 'nothing that can be had'}.`)
}

/** @param waited the claim stood in the node's queue */
export function bindingOrdered(
  { addressId, privateIp, node }: DomainEvent<'BindingDecided'>['data'],
  waited: boolean,
): string {
  const order = `EIP ${addressId} was to be bound to ${privateIp} on node ${node}.`
  return waited ? `Node ${node} had a free EIP slot for the claim, which had waited for one: ${order}` : order
}

export function bound(data: DomainEvent<'AddressBound'>['data']): string {
  const { node, privateIp, networkInterfaceId, requestId } = data
  return `Bound ${eip(data)} to ${privateIp}, which was found on network interface ${networkInterfaceId} of node ${node}, ${word(requestId, 'as Tencent Cloud shows it since no answer came')}.`
}

/** @param before as it was bound */
export function unbound(event: DomainEvent<'AddressUnbound'>, { binding }: Claim): string {
  const { addressId, bindingId, node, requestId } = event.data
  const since = binding?.id === bindingId ? binding.boundAt : ''
  const lasted = since === '' ? '' : `, after ${formatDuration(lastedMs(since, event.occurredAt))}`
  return `Unbound EIP ${addressId} on node ${node}${lasted}, ${word(requestId, 'as Tencent Cloud shows it')}.`
}

/** In whole seconds: an uptime, not a measurement. */
function lastedMs(from: string, to: string): number {
  return Math.max(1000, Math.round((Date.parse(to) - Date.parse(from)) / 1000) * 1000)
}

export function released({ addressId, requestId }: DomainEvent<'AddressReleased'>['data']): string {
  return `Released EIP ${addressId}, ${word(requestId, 'as Tencent Cloud shows it')}.`
}

function word(requestId: string, without: string): string {
  return requestId === '' ? without : `RequestId ${requestId}`
}

export function eip(data: { addressId: string; publicIp: string }): string {
  return nameOf({ id: data.addressId, publicIp: data.publicIp })
}
