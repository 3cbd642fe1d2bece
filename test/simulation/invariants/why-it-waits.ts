import { describeClaim } from '@pod-eip/domain'
import type { Invariant } from './invariant.ts'

/** A claim may be on its way for so long without saying more than that, ms. */
const patienceMs = 6 * 60_000

/** What a claim says that only is on its way. */
const onItsWay = new Set([
  ...['NotJudged', 'NotRequested', 'NotAllocated', 'Allocating', 'Cancelled'],
  ...['BindingNext', 'Binding', 'Unbinding', 'Releasing', 'PodEnded', 'PredecessorLeaving'],
])

/** Whatever waits for long says why, also while the storm lasts. */
export const whyItWaits: Invariant = {
  name: 'I9 why it waits',
  onMoment({ stage, plane, say }) {
    for (const claim of plane.models.world.claims.values()) {
      if (['Bound', 'Retained', 'Released'].includes(claim.phase)) continue
      if (stage.clock.now() - Date.parse(claim.phaseSince) < patienceMs) continue
      const ready = describeClaim(claim).status.conditions.find(({ type }) => type === 'Ready')!
      if (onItsWay.has(ready.reason)) {
        say('I9', `${claim.key} is ${claim.phase} since ${claim.phaseSince} and only says: ${ready.message}`)
      }
    }
  },
}
