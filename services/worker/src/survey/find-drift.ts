import type { CloudAddress } from '@pod-eip/cloud'
import { type Claim, type Drift, driftOf } from '@pod-eip/domain'

/** A claim whose EIP the cloud shows otherwise than the log has it. */
export interface Suspect {
  claim: Claim
  drift: Drift
}

/** What the log and one look at the cloud do not agree about; each may be a little older than the other. */
export function findDrift(claims: Claim[], shown: ReadonlyMap<string, CloudAddress>, now: number): Suspect[] {
  return claims.flatMap((claim) => {
    const drift = claim.address && driftOf(claim, shown.get(claim.address.id), now)
    return drift ? [{ claim, drift }] : []
  })
}
