import type { DomainEvent } from '../events/event.ts'
import { nameOf } from '../status/words.ts'

/** What somebody did to a claim's EIP, and what comes of it: one sentence. */
export function driftSentence(data: DomainEvent<'AddressDrifted'>['data']): string {
  const { binding, drift, source } = data
  const eip = nameOf({ id: data.addressId, publicIp: data.publicIp })
  const place = binding ? `${binding.privateIp} on node ${binding.node}` : ''
  switch (drift.kind) {
    case 'Unbound':
      return `Somebody unbound ${eip} from ${place} in the cloud; it is bound there again.`
    case 'BoundElsewhere': {
      const where = [drift.privateIp, drift.networkInterfaceId, drift.instanceId].filter(Boolean).join(', ')
      const next =
        source === 'listed'
          ? 'the claim waits until it is free, so unbind it there, or name another EIP in annotation eip-id-list'
          : 'it is taken back, unless another Pod may have that address'
      return `Somebody bound ${eip} to ${where || 'something else'} in the cloud, instead of ${place}; ${next}.`
    }
    case 'Released':
      return source === 'listed'
        ? `${eip}, which annotation eip-id-list names, does not exist any more: somebody released it in the cloud; name another one.`
        : `${eip} does not exist any more: somebody released it in the cloud; a Pod that asks for one gets another.`
  }
}

/** What becomes of an EIP of ours that no claim has: one sentence. */
export function orphanSentence(data: DomainEvent<'OrphanFound'>['data']): string {
  const eip = nameOf({ id: data.addressId, publicIp: data.publicIp })
  return `${eip}, which allocation ${data.allocationId} brought, is in nobody's hands since ${data.seenSince}; it is released.`
}
