import type { Invariant } from './invariant.ts'

/** A static claim's EIP is given back only when its time is over, or somebody asked for it; and then it is. */
export const kept: Invariant = {
  name: 'I3 kept',
  atRest({ events, claims, addresses, stage, plane, say }) {
    const terms = new Map<string, boolean>()
    const until = new Map<string, string | null>()
    /** Which time was said to be over, when it was. The decision may be stamped before: a projector's step takes a while. */
    const over = new Map<string, string>()
    for (const event of events) {
      if (event.type === 'ClaimRecovered' && event.data.terms)
        terms.set(event.data.claim, event.data.terms.static)
      if (event.type === 'RequestAccepted') terms.set(event.data.claim, event.data.terms.static)
      if (event.type === 'ClaimRetained' || event.type === 'RetentionRescheduled')
        until.set(event.data.claim, event.data.until)
      if (event.type === 'ClaimExpiryDue' && event.data.until <= event.occurredAt)
        over.set(event.data.claim, event.data.until)
      const given = event.type === 'ReleaseDecided' || event.type === 'ListedAddressGivenBack'
      if (!given || !terms.get(event.data.claim)) continue
      // Another list asks for another EIP of the user's, or somebody else has the one; it is the user's still.
      const another = ['RequestChanged', 'TakenByOthers'].includes(event.data.cause)
      if (event.type === 'ListedAddressGivenBack' && another) continue
      const time = until.get(event.data.claim)
      const isOver = event.data.cause === 'Expired' && time && over.get(event.data.claim) === time
      // `OwnerEnded` and `Teardown` have rules of their own.
      if (!isOver && !['ManualReclaim', 'OwnerEnded', 'Surplus', 'Teardown'].includes(event.data.cause)) {
        say('I3', `${event.data.claim} is static and was released: ${event.data.cause}`)
      }
    }
    const now = new Date(stage.clock.now() - 60_000 - plane.skewMs()).toISOString()
    for (const claim of claims) {
      if (claim.address && !addresses.has(claim.address.id)) {
        say('I3', `${claim.key} believes in ${claim.address.id}, which is gone`)
      }
      if (claim.retained?.until && claim.retained.until < now) {
        say('expiry', `${claim.key} is kept past its time`)
      }
    }
  },
}
