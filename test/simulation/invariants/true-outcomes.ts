import type { DomainEvent } from '@pod-eip/domain'
import type { ControlPlane } from '../stage/control-plane.ts'
import type { Invariant, LedgerEntry } from './invariant.ts'

/** How many events had been written at each entry of the ledger: what came first, whatever the clocks say. */
const headsOf = new WeakMap<ControlPlane, Map<number, number>>()

/**
 * What the log says came of a cloud call was so in the cloud at that moment, by the cloud's own ledger. Else it is
 * luck when all is well at the end: the comparison of cloud and log puts right what must not have been wrong. And every
 * EIP that an allocation brought is in its outcome, unless somebody released it before.
 */
export const trueOutcomes: Invariant = {
  name: 'I1 and I2 true outcomes',
  onCloudChange(entry, { plane }) {
    const heads = headsOf.get(plane) ?? new Map<number, number>()
    headsOf.set(plane, heads.set(entry.number, plane.writtenSoFar()))
  },
  atRest({ written, ledger, plane, stage, say }) {
    const heads = headsOf.get(plane) ?? new Map<number, number>()
    const headAt = ({ number }: LedgerEntry) => heads.get(number) ?? 0
    /** What had happened to the EIP when the event came into the log. */
    const until = (addressId: string, { position }: DomainEvent) =>
      (byAddress.get(addressId) ?? []).filter((entry) => headAt(entry) < position)
    const byAddress = Map.groupBy(ledger, ({ addressId }) => addressId)
    /** Bindings that were ordered, or found by who recovered the log, by their ids. */
    const orders = new Map<string, { position: number; privateIp: string }>()
    const named = new Set<string>()
    const orphans = new Set<string>()
    function wasBound(event: DomainEvent<'AddressBound'>): void {
      const { claim, addressId, intentId, privateIp } = event.data
      const entries = until(addressId, event)
      const since = orders.get(intentId)!.position
      const was = entries.some(
        (entry) =>
          entry.event === 'bound' && headAt(entry) >= since && entry.binding?.privateIpAddress === privateIp,
      )
      if (was || placeAfter(entries) === privateIp) return
      say('I2', `${claim} was told that ${addressId} is bound to ${privateIp}, and it never was`)
    }

    function wasReleased(event: DomainEvent<'AddressReleased'>): void {
      const { claim, addressId } = event.data
      if (until(addressId, event).some((entry) => entry.event === 'released')) return
      say('I1', `${claim} was told that ${addressId} is released, and it was not`)
    }

    function notAt(event: DomainEvent<'AddressUnbound' | 'BindingAbandoned'>, bindingId: string): void {
      const { claim, addressId } = event.data
      if (stage.meddledWith.has(addressId) || stage.listedEips.includes(addressId)) return
      const { privateIp } = orders.get(bindingId)!
      if (placeAfter(until(addressId, event)) !== privateIp) return
      say(
        'I2',
        `${claim} was told that ${addressId} is not bound to ${privateIp}, and it was (${event.type})`,
      )
    }

    function judge(event: DomainEvent): void {
      switch (event.type) {
        case 'AddressBound':
          wasBound(event)
          break
        case 'AddressUnbound':
          notAt(event, event.data.bindingId)
          break
        case 'BindingAbandoned':
          notAt(event, event.data.intentId)
          break
        case 'AddressReleased':
          wasReleased(event)
          break
        case 'AllocationCompleted':
          for (const { addressId } of event.data.addresses) named.add(addressId)
          break
        case 'ClaimRecovered':
          if (event.data.address) named.add(event.data.address.id)
          break
        case 'OrphanFound':
          orphans.add(event.data.addressId)
      }
    }

    for (const event of written) {
      const { position } = event
      if (event.type === 'BindingDecided') {
        orders.set(event.data.intentId, { position, privateIp: event.data.privateIp })
      }
      const found = event.type === 'ClaimRecovered' && event.data.binding
      if (found) orders.set(found.id, { position, privateIp: found.privateIp })
      judge(event)
    }
    const others = new Set([
      ...stage.foreignEips,
      ...stage.listedEips,
      ...stage.lateEips,
      ...stage.meddledWith,
    ])
    for (const [addressId, entries] of byAddress) {
      const [first] = entries
      const cameToBe = entries.some(({ event }) => event === 'created')
      if (!first?.clientToken || !cameToBe || others.has(addressId) || named.has(addressId)) continue
      // What nobody waits for is given up in the end, and found in nobody's hands should it be seen after all.
      if (orphans.has(addressId)) continue
      say('I1', `${addressId} was allocated, and no outcome says so`)
    }
  },
}

/** The private address that the EIP is bound to after all of this; `null` when to none. */
function placeAfter(entries: LedgerEntry[]): string | null {
  let place: string | null = null
  for (const { event, binding } of entries) {
    if (event === 'bound') place = binding?.privateIpAddress ?? null
    if (event === 'unbound' || event === 'released') place = null
  }
  return place
}
