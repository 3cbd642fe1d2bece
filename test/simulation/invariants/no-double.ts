import type { Invariant } from './invariant.ts'

/** However often the cloud was called, one generation of a claim brought at most one EIP. */
export const noDouble: Invariant = {
  name: 'I2 no double',
  atRest({ events, ledger, stage, say }) {
    const generationOf = new Map<string, string>()
    for (const event of events) {
      if (event.type !== 'AllocationDecided') continue
      generationOf.set(event.data.allocationId, `${event.data.claim} generation ${event.data.generation}`)
    }
    const before = new Set([...stage.foreignEips, ...stage.listedEips])
    const brought = new Map<string, Set<string>>()
    for (const entry of ledger) {
      // An address whose creation the cloud gave up never was one.
      if (entry.event === 'create-failed') for (const ids of brought.values()) ids.delete(entry.addressId)
      if (entry.event !== 'allocated' || before.has(entry.addressId)) continue
      const generation = generationOf.get((entry.clientToken ?? '').slice(0, 36))
      if (!generation) {
        say('I1', `${entry.addressId} was allocated without a decision`)
        continue
      }
      brought.set(generation, (brought.get(generation) ?? new Set()).add(entry.addressId))
    }
    for (const [generation, ids] of brought) {
      if (ids.size > 1) say('I2', `${generation} got ${[...ids].join(' and ')}`)
    }
  },
}
