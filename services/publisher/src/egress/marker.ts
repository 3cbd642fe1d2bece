import * as z from 'zod'

/**
 * Which entries of the list are ours: an annotation on the ConfigMap, written together with the list. It is all that
 * tells them from the user's.
 */
export interface Marker {
  entries: string[]
  /** What stood in the place of the list before: `null` = not even its key. Absent: a list. */
  was?: string | null | undefined
}

const schema = z.object({ entries: z.array(z.string()), was: z.string().nullable().optional() })

/** The marker as the annotation has it; `null` when there is none, or none that can be read. */
export function readMarker(annotation: string | undefined): Marker | null {
  if (annotation === undefined) return null
  try {
    return schema.parse(JSON.parse(annotation))
  } catch {
    return null
  }
}

export function writeMarker({ entries, was }: Marker): string {
  return JSON.stringify({ entries, ...(was !== undefined && { was }) })
}
