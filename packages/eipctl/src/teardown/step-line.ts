import type { DomainEvent } from '@pod-eip/domain'
import { obstacle } from './item.ts'

/** What an event of a teardown means, in one line; `null` when it is only a step on the way. */
export function stepLine(event: DomainEvent): string | null {
  switch (event.type) {
    case 'TeardownOrdered':
      return `Recorded as event ${event.position}: cluster ${event.data.cluster} is torn down, and nothing is created for it any more.`
    case 'AddressUnbound':
      return `${event.data.addressId} of ${event.data.claim} was unbound.`
    case 'AddressReleased':
      return `${event.data.addressId} of ${event.data.claim} was released.`
    case 'ListedAddressGivenBack':
      return `${event.data.addressId} of ${event.data.claim} was let go of, and stays yours.`
    case 'AllocationAbandoned':
      return `Nothing came of the allocation for ${event.data.claim}.`
    case 'CloudCallDelayed':
      return event.data.news ? `${event.data.claim}: ${obstacle(event.data)}` : null
    default:
      return null
  }
}
