import type { Checkpoints, JsonObject } from '@pod-eip/event-log'
import { z } from 'zod'

/** Up to where a resource was handled, and with which eyes. */
export interface Position {
  resourceVersion: string
  /** What decided which facts were looked for: a position found with other eyes is of no use. */
  view: string
  /** The last complete list lacked something: until another one has been read, it may have been wrong. */
  inDoubt: boolean
}

const positionSchema = z.object({
  resourceVersion: z.string().regex(/^\d+$/),
  view: z.string(),
  inDoubt: z.boolean(),
})

/** The resourceVersion to go on from; `undefined` when everything has to be listed. */
export async function loadPosition(
  checkpoints: Pick<Checkpoints, 'load'>,
  name: string,
  view: string,
): Promise<string | undefined> {
  const { state } = await checkpoints.load(name)
  const position = positionSchema.safeParse(state)
  if (!position.success || position.data.view !== view || position.data.inDoubt) return undefined
  return position.data.resourceVersion
}

export function positionState({ resourceVersion, view, inDoubt }: Position): JsonObject {
  return { resourceVersion, view, inDoubt }
}
