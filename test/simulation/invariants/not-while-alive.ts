import { emptyClaim, evolveClaim, livePod } from '@pod-eip/domain'
import type { Invariant } from './invariant.ts'

/** Neither time nor a deletion takes the EIP that is kept from a Pod that is back. */
export const notWhileAlive: Invariant = {
  name: 'I6 not while alive',
  atRest({ events, say }) {
    const story = new Map<string, ReturnType<typeof emptyClaim>>()
    for (const event of events) {
      if (!('claim' in event.data)) continue
      const key = event.data.claim
      const before = story.get(key) ?? emptyClaim(key)
      story.set(key, evolveClaim(before, event))
      const given = event.type === 'ReleaseDecided' || event.type === 'ListedAddressGivenBack'
      if (!given || !['Expired', 'ManualReclaim'].includes(event.data.cause)) continue
      // One that is not kept goes back before another Pod of the name gets its own.
      if (before.terms?.static && livePod(before))
        say('I6', `${key} was released (${event.data.cause}) while its Pod lives`)
    }
  },
}
