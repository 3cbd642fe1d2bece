import { emptyClaim, evolveClaim } from '@pod-eip/domain'
import type { Invariant } from './invariant.ts'
import { settingsInForce } from './settings-in-force.ts'

/** How long after a workload's end everything that follows from it has happened, in ms. */
const settledMs = 60_000

/** A static claim's EIP goes with its workload where that is set, never before, and never without the setting. */
export const cascade: Invariant = {
  name: 'I3 cascade',
  atRest({ events, claims, plane, stage, say }) {
    const story = new Map<string, ReturnType<typeof emptyClaim>>()
    const orphaning = new Set<string>()
    const seenToEnd = new Map<string, number>()
    for (const event of events) {
      if (event.type === 'OwnerEnded') {
        const { owner, reason } = event.data
        seenToEnd.set(owner.uid, Date.parse(event.occurredAt))
        if (reason === 'Orphaning') orphaning.add(owner.uid)
      }
      if (!('claim' in event.data)) continue
      const key = event.data.claim
      const claim = story.get(key) ?? emptyClaim(key)
      story.set(key, evolveClaim(claim, event))
      const given = event.type === 'ReleaseDecided' || event.type === 'ListedAddressGivenBack'
      if (!given || event.data.cause !== 'OwnerEnded') continue
      const uid = claim.owner?.uid ?? ''
      // A decision is dated by when the projector began to look, which may be a moment before the news came.
      const seen = seenToEnd.get(uid) ?? Number.NEGATIVE_INFINITY
      const ended = stage.workloadEnds.get(uid)
      const isSet = settingsInForce(plane, Date.parse(event.occurredAt)).some((s) => s.cascade)
      if (!isSet) say('I3', `${key} was released with its owner, which is not set`)
      // What is recorded has whole milliseconds.
      if (!ended || Math.floor(ended) > seen + plane.skewMs())
        say('I3', `${key} was released before its owner ended`)
      if (orphaning.has(uid)) say('I3', `${key} was released with an owner that left its Pods`)
      if (claim.pod && !claim.pod.ended) say('I6', `${key} was released with its owner while its Pod lives`)
    }
    if (!plane.settings.cascade) return
    for (const { key, phase, owner } of claims) {
      const ended = stage.workloadEnds.get(owner?.uid ?? '')
      if (phase !== 'Retained' || !ended || orphaning.has(owner!.uid)) continue
      if (ended < stage.clock.now() - settledMs) say('I3', `${key} is kept although its owner has ended`)
    }
  },
}
