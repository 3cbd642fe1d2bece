import type { Invariant } from './invariant.ts'

/** Every EIP in the cloud belongs to a claim, or was there before us. */
export const noLeak: Invariant = {
  name: 'I1 no leak',
  atRest({ addresses, claims, stage, say }) {
    const owned = new Set(claims.flatMap((claim) => (claim.address ? [claim.address.id] : [])))
    for (const id of addresses.keys()) {
      const others = stage.foreignEips.has(id) || stage.listedEips.includes(id)
      if (!others && !owned.has(id)) say('I1', `${id} exists and belongs to no claim`)
    }
  },
}
