import { type Claim, type EgressAddress, egressAddressOf } from '@pod-eip/domain'
import type { ReadModels } from '@pod-eip/read-models'

/** The private addresses of all Pods whose outbound traffic is to have their EIP as its source. */
export interface HeldAddresses {
  /** A claim has changed: it is read at the next refresh. */
  changed(key: string): void
  /** Reads what has changed since the last one; the first time, or when `all` is asked for, everything. */
  refresh(all?: boolean): Promise<void>
  /** Those that are to stand in the list at this moment, epoch ms. */
  at(now: number): ReadonlySet<string>
  /** When the next of them is to go although nothing changes, epoch ms; infinite when none is. */
  nextEnd(now: number): number
}

/** Above so many changed claims one answer with all of them is cheaper. */
const mostSingly = 200

export function createHeldAddresses(readModels: Pick<ReadModels, 'claim' | 'claims'>): HeldAddresses {
  let byClaim = new Map<string, EgressAddress>()
  let complete = false
  const changed = new Set<string>()

  function keep(addresses: Map<string, EgressAddress>, key: string, claim: Claim | null): void {
    const address = claim && egressAddressOf(claim)
    if (address) addresses.set(key, address)
    else addresses.delete(key)
  }

  async function readAll(): Promise<void> {
    const addresses = new Map<string, EgressAddress>()
    for (const claim of await readModels.claims({ open: true })) keep(addresses, claim.key, claim)
    byClaim = addresses
    complete = true
  }

  return {
    changed: (key) => void changed.add(key),
    async refresh(all = false) {
      const keys = [...changed]
      changed.clear()
      try {
        if (all || !complete || keys.length > mostSingly) return await readAll()
        for (const key of keys) keep(byClaim, key, await readModels.claim(key))
      } catch (error) {
        for (const key of keys) changed.add(key)
        throw error
      }
    },
    at: (now) =>
      new Set([...byClaim.values()].flatMap(({ address, until }) => (isPast(until, now) ? [] : address))),
    nextEnd: (now) => {
      const ends = [...byClaim.values()].flatMap(({ until }) => (isPast(until, now) ? [] : (until ?? [])))
      return ends.reduce((first, end) => Math.min(first, end), Number.POSITIVE_INFINITY)
    },
  }
}

function isPast(until: number | null, now: number): boolean {
  return until !== null && until <= now
}
