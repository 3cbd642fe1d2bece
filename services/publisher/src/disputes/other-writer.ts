import type { KubeObject } from '@pod-eip/kube'
import { z } from 'zod'

const entrySchema = z.object({
  manager: z.string(),
  time: z.string().optional(),
  fieldsV1: z.record(z.string(), z.unknown()).optional(),
})

/** An API server takes no longer names of field managers. */
export const longestManager = 128

/**
 * Who else wrote a field last, by the name that the API server has for it (`metadata.managedFields`), such as
 * `kubectl-edit`; empty when nobody else owns it, as after a removal.
 * @param us the name under which we write it
 * @param path of the field, in the words of FieldsV1: `['f:status', 'f:capacity']`
 */
export function otherWriter({ metadata }: KubeObject, us: string, path: readonly string[]): string {
  let writer = { manager: '', time: '' }
  for (const raw of metadata.managedFields ?? []) {
    const entry = entrySchema.safeParse(raw).data
    if (!entry || entry.manager === us || !owns(entry.fieldsV1, path)) continue
    const { manager, time = '' } = entry
    if (time >= writer.time) writer = { manager, time }
  }
  return writer.manager.slice(0, longestManager)
}

function owns(fields: unknown, path: readonly string[]): boolean {
  let inside = fields
  for (const step of path) {
    if (typeof inside !== 'object' || inside === null || !(step in inside)) return false
    inside = (inside as Record<string, unknown>)[step]
  }
  return inside !== undefined
}
