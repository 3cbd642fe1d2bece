import { newEvent } from '@pod-eip/domain'
import type { EventLog } from '@pod-eip/event-log'
import { type ReadModels, toNewEvent } from '@pod-eip/read-models'
import type { Clock } from '@pod-eip/runtime'

export interface CancellingOrder {
  cluster: string
  by: string
  log: Pick<EventLog, 'append'>
  readModels: Pick<ReadModels, 'cluster'>
  clock: Pick<Clock, 'now'>
}

/** Takes the order to tear the cluster down back. @returns the position of that event; `null` when there is no order */
export async function cancelOrder({
  cluster,
  by,
  log,
  readModels,
  clock,
}: CancellingOrder): Promise<number | null> {
  const { teardown } = await readModels.cluster()
  if (!teardown) return null
  const { events } = await log.append([
    toNewEvent(newEvent('TeardownCancelled', { cluster, by }), {
      occurredAt: new Date(clock.now()).toISOString(),
      actor: `operator:${by}`,
      correlationId: `teardown/${cluster}`,
      causationPosition: teardown.position,
    }),
  ])
  return events[0]!.position
}
