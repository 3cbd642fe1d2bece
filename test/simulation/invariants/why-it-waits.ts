import { describeClaim } from '@pod-eip/domain'
import type { Invariant } from './invariant.ts'

/**
 * A claim may be on its way for so long without saying more than that, in ms: since it came there, or since whoever
 * was at work on it was killed or lost his stores. What is killed at each of its steps cannot say so; what the cloud
 * does to the claim gives no respite.
 */
const patienceMs = 6 * 60_000

/** What a claim says that only is on its way. */
const onItsWay = new Set([
  ...['NotJudged', 'NotRequested', 'NotAllocated', 'Allocating', 'Cancelled', 'BindingCancelled'],
  ...['BindingNext', 'Binding', 'Unbinding', 'Releasing', 'PodEnded', 'PredecessorLeaving'],
])

/** Whatever waits for long says why, also while the storm lasts. */
export const whyItWaits: Invariant = {
  name: 'I9 why it waits',
  onMoment({ stage, plane, say }) {
    // Nobody is at work, and who looks knows why.
    if (plane.wentBack()) return
    for (const claim of plane.models.world.claims.values()) {
      if (['Bound', 'Retained', 'Released'].includes(claim.phase)) continue
      const since = Math.max(Date.parse(claim.phaseSince), stage.hinderedAt.get(claim.key) ?? 0)
      if (stage.clock.now() - since < patienceMs + plane.skewMs()) continue
      const ready = describeClaim(claim).status.conditions.find(({ type }) => type === 'Ready')!
      if (onItsWay.has(ready.reason)) {
        say('I9', `${claim.key} is ${claim.phase} since ${claim.phaseSince} and only says: ${ready.message}`)
      }
    }
  },
}
