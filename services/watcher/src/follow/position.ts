import type { Checkpoints, JsonObject } from '@pod-eip/event-log'
import { z } from 'zod'

/** Up to where a resource was handled, and with which eyes. */
export interface Position {
  resourceVersion: string
  /** What decided which facts were looked for: a position found with other eyes is of no use. */
  view: string
  /** When a complete list was last read, epoch ms. */
  listedAt: number
  /** Complete lists that were read before that, epoch ms, are followed by another one soon. */
  doubtedUntil: number
}

const positionSchema = z.object({
  resourceVersion: z.string().regex(/^\d+$/),
  view: z.string(),
  listedAt: z.number(),
  doubtedUntil: z.number(),
})

/** Where to go on; `undefined` when nothing is known, or was found with other eyes. */
export async function loadPosition(
  checkpoints: Pick<Checkpoints, 'load'>,
  name: string,
  view: string,
): Promise<Position | undefined> {
  const { state } = await checkpoints.load(name)
  const position = positionSchema.safeParse(state)
  return position.success && position.data.view === view ? position.data : undefined
}

export function positionState({ resourceVersion, view, listedAt, doubtedUntil }: Position): JsonObject {
  return { resourceVersion, view, listedAt, doubtedUntil }
}
