import { claims as claimObjects } from '../history/resources.ts'
import type { Invariant } from './invariant.ts'

/** The EIPClaims are those of the open claims, and each says in one sentence how it stands. */
export const told: Invariant = {
  name: 'I9 told',
  atRest({ stage, plane, claims, say }) {
    // Without its services the cluster is told nothing.
    if (plane.running().length === 0) return
    const objects = new Map(claimObjects(stage).map((o) => [`${o.metadata.namespace}/${o.metadata.name}`, o]))
    for (const claim of claims) {
      const object = objects.get(claim.key)
      if (claim.phase === 'Released') {
        if (object) say('told', `EIPClaim ${claim.key} outlives its claim`)
        continue
      }
      if (!object) {
        say('told', `open claim ${claim.key} has no EIPClaim`)
        continue
      }
      const { phase, eipId } = object.status ?? {}
      if (phase !== claim.phase || (eipId ?? null) !== (claim.address?.id ?? null)) {
        say('told', `EIPClaim ${claim.key} says ${phase} ${eipId}, the claim is ${claim.phase}`)
      }
      const conditions: { type: string; message?: string }[] = object.status?.conditions ?? []
      const sentence = conditions.find((condition) => condition.type === 'Ready')?.message ?? ''
      if (!/^[A-Z].{10,}\.$/.test(sentence)) {
        say('I9', `EIPClaim ${claim.key} says nothing of itself: ${sentence}`)
      }
    }
  },
}
