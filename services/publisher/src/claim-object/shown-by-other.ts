import { type Claim, livePod, shownByOtherStory } from '@pod-eip/domain'
import type { Logger } from '@pod-eip/runtime'
import type { EventPoster } from '../kube-events/post-events.ts'
import type { SeenObject } from './claim-object.ts'

/**
 * Tells in the log and on the Pod that the one EIPClaim of the claim's name is another installation's, so that none
 * shows this claim; once for each such object and Pod. A claim that is not open is `null`.
 */
export type TellShownByOther = (key: string, claim: Claim | null, seen: SeenObject | null) => Promise<void>

/** @param domain annotation domain of this installation */
export function createTellShownByOther(deps: {
  events: Pick<EventPoster, 'tellOf'>
  logger: Logger
  domain: string
}): TellShownByOther {
  const { events, logger, domain } = deps
  /** What was told, by claim. */
  const told = new Map<string, string>()
  return async (key, claim, seen) => {
    if (!claim || !seen || seen.heldBy === '') return void told.delete(key)
    const uid = livePod(claim)?.uid ?? ''
    const identity = `${seen.uid} beside ${uid}`
    if (told.get(key) === identity) return
    const story = shownByOtherStory(key, seen.heldBy, domain)
    logger.warn({ claim: key, heldBy: seen.heldBy }, story.message)
    if (uid) await events.tellOf(key, identity, story, { kind: 'Pod', uid })
    told.set(key, identity)
  }
}
