import { type Claim, egressAddressOf } from '@pod-eip/domain'
import type { ReadModels } from '@pod-eip/read-models'

/** The private addresses of all Pods whose outbound traffic is to have their EIP as its source. */
export interface HeldAddresses {
  /** A claim has changed: it is read at the next refresh. */
  changed(key: string): void
  /** Reads what has changed since the last one; the first time, or when `all` is asked for, everything. */
  refresh(all?: boolean): Promise<void>
  all(): ReadonlySet<string>
}

/** Above so many changed claims one answer with all of them is cheaper. */
const mostSingly = 200

export function createHeldAddresses(readModels: Pick<ReadModels, 'claim' | 'claims'>): HeldAddresses {
  let byClaim = new Map<string, string>()
  let complete = false
  const changed = new Set<string>()

  function keep(addresses: Map<string, string>, key: string, claim: Claim | null): void {
    const address = claim && egressAddressOf(claim)
    if (address) addresses.set(key, address)
    else addresses.delete(key)
  }

  async function readAll(): Promise<void> {
    const addresses = new Map<string, string>()
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
    all: () => new Set(byClaim.values()),
  }
}
