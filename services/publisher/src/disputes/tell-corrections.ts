import { changeUndoneStory, disputeStory, type WrittenPart } from '@pod-eip/domain'
import type { Logger } from '@pod-eip/runtime'
import type { Involved } from '../kube-events/event-object.ts'
import type { EventPoster } from '../kube-events/post-events.ts'
import { disputedFrom } from './corrections.ts'

/** What another writer undid and was put right. */
export interface Undone {
  /** `namespace/name`, or the name of what has no namespace. */
  key: string
  kind: Involved['kind']
  uid: string
  part: WrittenPart
  /** Who, as the API server names it; empty when that is not known. */
  by: string
  /** Where in the part, for the log. */
  where?: string
}

/**
 * Tells in the log and as a Kubernetes Event what somebody else changed: the first time, and once more when it turns
 * out that he does not give in.
 */
export type TellCorrection = (undone: Undone, timesInARow: number) => Promise<void>

export function createTellCorrection(deps: {
  events: Pick<EventPoster, 'tellOf'>
  logger: Logger
}): TellCorrection {
  const { events, logger } = deps
  return async (undone, timesInARow) => {
    if (timesInARow !== 1 && timesInARow !== disputedFrom) return
    const { key, kind, uid, part, by, where } = undone
    const disputed = timesInARow === disputedFrom
    const story = disputed ? disputeStory(part, by) : changeUndoneStory(part, by)
    const object = { kind, object: key, part, by, ...(where && { where }) }
    if (disputed) logger.warn(object, story.message)
    else logger.info(object, story.message)
    await events.tellOf(key, `${part} of ${uid} by ${by}`, story, { kind, uid })
  }
}
