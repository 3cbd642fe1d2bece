import type { Claim } from '../claim/claim.ts'
import { formatDuration } from '../duration.ts'
import type { DomainEvent } from '../events/event.ts'
import type { Hold } from './guard.ts'

/** The claim is held until an operator confirms. */
export function reclaimHeld(claim: Claim, event: DomainEvent<'ReclaimHeld'>): Claim {
  const { guard, count, windowMs } = event.data
  return { ...claim, hold: { guard, since: event.occurredAt, count, windowMs, confirmed: false } }
}

/** Confirmed, the claim goes on; denied, its Pod lives as it did before it was missed. */
export function holdEnded(claim: Claim, event: DomainEvent<'HoldEnded'>): Claim {
  if (!claim.hold) return claim
  switch (event.data.outcome) {
    case 'Confirmed':
      return { ...claim, hold: { ...claim.hold, confirmed: true } }
    case 'Denied':
      return { ...claim, hold: null, pod: claim.pod && { ...claim.pod, ended: null } }
  }
}

/** Why nothing is given back, and what to do: one sentence. */
export function holdSentence({ guard, count, windowMs }: Pick<Hold, 'guard' | 'count' | 'windowMs'>): string {
  const within = `within ${formatDuration(windowMs)}`
  switch (guard) {
    case 'absence':
      return `The Pod was missing from a complete list of Pods, as were ${count} ${within}, which is more than the guard lets go at once, so its EIP is neither unbound nor released; run "eipctl guard confirm absence" if these Pods have ended, "eipctl guard deny absence" if they live.`
    case 'releases':
      return `${count} EIPs were released ${within}, which is all that the guard lets go at once, so this one is not released yet; run "eipctl guard confirm releases" to let go what is held.`
  }
}

/** What the word of an operator came to, for the claim. */
export function holdEndedSentence({ outcome, by }: { outcome: 'Confirmed' | 'Denied'; by: string }): string {
  switch (outcome) {
    case 'Confirmed':
      return `${by} confirmed what the guard held, so the EIP is given back as usual.`
    case 'Denied':
      return `${by} said that the Pod lives, so its EIP stays with it.`
  }
}
