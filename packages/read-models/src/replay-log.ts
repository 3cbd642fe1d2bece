import { emptyWorld, foldEvent, type World } from '@pod-eip/domain'
import type { EventLog } from '@pod-eip/event-log'
import { toDomainEvent } from './event-reader.ts'

/** Events read at once. */
const batchSize = 2_000

/**
 * Folds the log from its beginning up to a position into a new world, deciding nothing (rule I7).
 * @returns the world, and how many events were folded
 */
export async function replayLog(
  log: Pick<EventLog, 'read'>,
  upTo: number,
): Promise<{ world: World; folded: number }> {
  const world = emptyWorld()
  let position = 0
  while (position < upTo) {
    const events = await log.read({ after: position, limit: Math.min(batchSize, upTo - position) })
    if (events.length === 0) break
    for (const event of events) {
      if (event.position !== position + 1) {
        throw new Error(`the log has a gap: position ${event.position} follows ${position}`)
      }
      foldEvent(world, toDomainEvent(event))
      position = event.position
    }
  }
  return { world, folded: position }
}
