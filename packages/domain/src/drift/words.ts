import type { BoundPlace } from '../events/cloud-events.ts'
import type { DomainEvent } from '../events/event.ts'
import type { UnclaimedAddress } from '../events/survey-events.ts'
import { nameOf } from '../status/words.ts'

/** What somebody did to a claim's EIP, and what comes of it: one sentence. */
export function driftSentence(data: DomainEvent<'AddressDrifted'>['data']): string {
  const { binding, drift, source } = data
  const eip = nameOf({ id: data.addressId, publicIp: data.publicIp })
  const place = binding ? `${binding.privateIp} on node ${binding.node}` : ''
  switch (drift.kind) {
    case 'Unbound':
      if (!binding) return `${eip} is bound to nothing in the cloud any more.`
      return `Somebody unbound ${eip} from ${place} in the cloud; it is bound there again.`
    case 'BoundElsewhere': {
      const where = placeWords(drift)
      const next =
        source === 'listed'
          ? 'the claim waits until it is free, so unbind it there, or name another EIP in annotation eip-id-list'
          : 'it is taken back, unless another Pod may have that address'
      if (!binding) return `Somebody bound ${eip} to ${where} in the cloud; ${takenAdvice}.`
      return `Somebody bound ${eip} to ${where} in the cloud, instead of ${place}; ${next}.`
    }
    case 'Released':
      return source === 'listed'
        ? `${eip}, which annotation eip-id-list names, does not exist any more: somebody released it in the cloud; name another one.`
        : `${eip} does not exist any more: somebody released it in the cloud; a Pod that asks for one gets another.`
  }
}

/** What an EIP that no claim has is, and what becomes of it: one sentence. */
export function unclaimedSentence(address: UnclaimedAddress): string {
  const { allocationId, claim, state, boundTo, since, until } = address
  const bound = boundTo === '' ? '' : `, bound to ${boundTo}`
  switch (state) {
    case 'Waiting':
      return `allocated for ${claim}, which does not have it; seen in nobody's hands since ${since}, released after ${until}`
    case 'Bound':
      return `allocated for ${claim}, which does not have it${bound || ', and not unbound'}; left alone because it is in use: unbind it to have it released`
    case 'UnknownAllocation':
      return `of allocation ${allocationId}, which the log does not know${bound}; left alone because nothing shows whose it is: run "eipctl recover" if the log was restored from a backup, else release it in the console if nobody needs it`
  }
}

/** What an EIP is bound to that no Pod of its claim has. */
export function placeWords({ privateIp, networkInterfaceId, instanceId }: BoundPlace): string {
  return [privateIp, networkInterfaceId, instanceId].filter(Boolean).join(', ') || 'something else'
}

/** What is to be done about an EIP that was taken away while no Pod had it. */
export const takenAdvice = 'what uses it there is not disturbed, so unbind it there'

/** What becomes of an EIP of ours that no claim has: one sentence. */
export function orphanSentence(data: DomainEvent<'OrphanFound'>['data']): string {
  const eip = nameOf({ id: data.addressId, publicIp: data.publicIp })
  return `${eip}, which allocation ${data.allocationId} brought, is in nobody's hands since ${data.seenSince}; it is released.`
}
