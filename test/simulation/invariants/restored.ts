import type { Invariant } from './invariant.ts'

/**
 * Whatever a restored log does not know: an EIP that its EIPClaim showed is that claim's afterwards too. It is in
 * nobody's hands at no time, and goes only by a decision about that claim.
 */
export const restored: Invariant = {
  name: 'I1 and I3 restored',
  atRest({ plane, written, stage, say }) {
    for (const { proved, end } of plane.restores) {
      const deleted = new Set<string>()
      const claimOf = new Map(proved.map(({ addressId, claim }) => [addressId, claim]))
      for (const { type, data, position } of written) {
        if (position <= end) continue
        // Then the cluster proves it no more: it may be gone with its EIPClaim before anybody recovers.
        if (type === 'EipClaimDeletionRequested') deleted.add(data.claim)
        if (!('addressId' in data)) continue
        const claim = claimOf.get(data.addressId ?? '')
        if (!claim || deleted.has(claim) || stage.meddledWith.has(data.addressId!)) continue
        const says = `${data.addressId} was ${claim}'s before a restore`
        if (type === 'OrphanFound') say('I3', `${says}, and nobody's after it`)
        if (type === 'ReleaseDecided' && (data.claim !== claim || data.cause === 'Surplus')) {
          say('I3', `${says}, and was released as ${data.claim}'s (${data.cause})`)
        }
      }
    }
  },
}
