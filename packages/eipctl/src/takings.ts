import { causeOf, type DomainEvent } from '@pod-eip/domain'
import type { RecordedEvent } from '@pod-eip/event-log'
import { toDomainEvent } from '@pod-eip/read-models'

/** A time during which one of the user's EIPs was with a claim, whether it was bound or not. */
export interface Taking {
  addressId: string
  publicIp: string
  claim: string
  /** ISO 8601. */
  from: string
  /** Empty while it lasts. */
  to: string
  /** Why it was given back; empty while it lasts. */
  why: string
}

/** Who took the EIP that these events are about, and when it was given back. */
export function takingsOf(events: RecordedEvent[]): Taking[] {
  const takings: Taking[] = []
  for (const event of events.map(toDomainEvent)) {
    if (event.type === 'ListedAddressChosen') takings.push(begun(event))
    if (event.type === 'ListedAddressGivenBack') {
      const open = takings.findLast(({ claim, to }) => claim === event.data.claim && to === '')
      if (open) Object.assign(open, { to: event.occurredAt, why: causeOf(event.data.cause) })
    }
  }
  return takings
}

function begun({ data, occurredAt }: DomainEvent<'ListedAddressChosen'>): Taking {
  const { addressId, publicIp, claim } = data
  return { addressId, publicIp, claim, from: occurredAt, to: '', why: '' }
}

export const takingHead = ['TAKEN-BY', 'EIP', 'ADDRESS', 'FROM', 'TO', 'GIVEN-BACK-BECAUSE']

export function takingRow({ addressId, publicIp, claim, from, to, why }: Taking): string[] {
  return [claim, addressId, publicIp, from, to || 'now', why]
}
