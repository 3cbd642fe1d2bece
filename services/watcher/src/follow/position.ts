import type { Checkpoints, JsonObject } from '@pod-eip/event-log'
import { z } from 'zod'

/** Up to where a resource was handled, and with which eyes. */
export interface Position {
  resourceVersion: string
  /** What decided which facts were looked for: a position found with other eyes is of no use. */
  view: string
}

const positionSchema = z.object({ resourceVersion: z.string().regex(/^\d+$/), view: z.string() })

/** The resourceVersion to go on from; `undefined` when everything has to be listed. */
export async function loadPosition(
  checkpoints: Pick<Checkpoints, 'load'>,
  name: string,
  view: string,
): Promise<string | undefined> {
  const { state } = await checkpoints.load(name)
  const position = positionSchema.safeParse(state)
  return position.success && position.data.view === view ? position.data.resourceVersion : undefined
}

export function positionState({ resourceVersion, view }: Position): JsonObject {
  return { resourceVersion, view }
}
