import type { DomainEvent } from '@pod-eip/domain'
import type { Invariant, LedgerEntry } from './invariant.ts'

/**
 * However often the cloud was called, one generation of a claim brought at most one EIP: an allocation brings no
 * more than it has members, each of them gets one of its own, and who is allocated for anew got nothing before.
 */
export const noDouble: Invariant = {
  name: 'I2 no double',
  atRest({ written, plane, ledger, stage, say }) {
    const members = new Map<string, Set<string>>()
    const completed = new Map<string, string>()
    const owner = new Map<string, string>()
    // After a restore generations are counted from those on that the log still knows.
    const lost = new Set(plane.restores.flatMap((restore) => restore.lost.map(({ position }) => position)))
    for (const { type, data, position } of written) {
      const nameOf = (who: Numbered) => named(who) + (lost.has(position) ? ', which the log has lost' : '')
      if (type === 'AllocationDecided') {
        members.set(data.allocationId, (members.get(data.allocationId) ?? new Set()).add(nameOf(data)))
      }
      if (type !== 'AllocationCompleted') continue
      if (completed.has(nameOf(data))) say('I2', `${nameOf(data)} was allocated for twice`)
      completed.set(nameOf(data), data.allocationId)
      for (const { addressId } of data.addresses) {
        const before = owner.get(addressId)
        if (before) say('I2', `${addressId} was given to ${before} and to ${nameOf(data)}`)
        owner.set(addressId, nameOf(data))
      }
    }
    for (const [allocationId, ids] of broughtBy(
      ledger,
      new Set([...stage.foreignEips, ...stage.listedEips, ...stage.lateEips]),
    )) {
      const those = members.get(allocationId)
      if (!those) say('I1', `${[...ids].join(' and ')} came without a decision`)
      else if (ids.size > those.size) {
        say('I2', `${[...those].join(' and ')} got ${[...ids].join(' and ')}`)
      }
      // Whoever completed elsewhere must have got nothing here.
      const served = [...(those ?? [])].filter(
        (name) => (completed.get(name) ?? allocationId) === allocationId,
      )
      // One that somebody released before it was given to anyone is nobody's: for whom it was is allocated for anew.
      const given = [...ids].filter((id) => !stage.meddledWith.has(id) || owner.has(id))
      if (those && given.length > served.length) {
        say('I2', `allocation ${allocationId} brought ${[...ids].join(' and ')} for ${served.join(' and ')}`)
      }
    }
  },
}

type Numbered = DomainEvent<'AllocationDecided' | 'AllocationCompleted'>['data']

function named(data: Numbered): string {
  return `${data.claim} generation ${data.generation}`
}

/** The EIPs that came to be, by the allocation whose token brought them. */
function broughtBy(ledger: LedgerEntry[], before: Set<string>): Map<string, Set<string>> {
  const brought = new Map<string, Set<string>>()
  for (const entry of ledger) {
    // An address whose creation the cloud gave up never was one.
    if (entry.event === 'create-failed') for (const ids of brought.values()) ids.delete(entry.addressId)
    if (entry.event !== 'allocated' || before.has(entry.addressId)) continue
    const allocationId = (entry.clientToken ?? '').slice(0, 36)
    brought.set(allocationId, (brought.get(allocationId) ?? new Set()).add(entry.addressId))
  }
  return brought
}
