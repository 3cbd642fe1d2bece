import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A JSON schema, or a part of one. */
// biome-ignore lint/suspicious/noExplicitAny: schemas are as deep as they like
export type Schema = Record<string, any>

/** What an API server tells of its kinds at /openapi/v2. */
export interface OpenApi {
  definitions: Record<string, Schema>
}

interface GroupVersionKind {
  group: string
  version: string
  kind: string
}

/** Where kubeconform finds the schemas that {@link writeSchemas} writes in a folder. */
export const schemaLocation = (folder: string) => join(folder, '{{ .ResourceKind }}{{ .KindSuffix }}.json')

/**
 * Writes a strict schema for kubeconform for each kind of an API server: fields that the kind does not have are
 * refused. So nothing has to be downloaded, and the kinds are those of the very API server.
 */
export async function writeSchemas(folder: string, { definitions }: OpenApi): Promise<void> {
  await mkdir(folder, { recursive: true })
  const strict = new Map(Object.entries(definitions).map(([name, schema]) => [name, strictly(schema, name)]))
  for (const [name, schema] of Object.entries(definitions)) {
    const kinds: GroupVersionKind[] = schema['x-kubernetes-group-version-kind'] ?? []
    // Such as DeleteOptions, which stand under every group, are no objects of manifests.
    if (kinds.length !== 1) continue
    const used = reached(name, strict)
    const whole = { $ref: `#/definitions/${name}`, definitions: Object.fromEntries(used) }
    await writeFile(join(folder, `${fileOf(kinds[0]!)}.json`), JSON.stringify(whole))
  }
}

/** As kubeconform names it: the kind, the first word of its group, its version. */
function fileOf({ group, version, kind }: GroupVersionKind): string {
  return [kind, group.split('.')[0], version].filter(Boolean).join('-').toLowerCase()
}

/** The same without fields that it does not have, and with what Kubernetes takes beside a text. */
function strictly(schema: Schema, name?: string): Schema {
  if (name?.endsWith('.Quantity')) return { type: ['string', 'number'] }
  if (schema.format === 'int-or-string') return { type: ['string', 'integer'] }
  const copy = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (key === 'properties') {
        const fields = Object.entries(value as Schema)
        return [key, Object.fromEntries(fields.map(([field, its]) => [field, strictly(its)]))]
      }
      return [key, key === 'items' || key === 'additionalProperties' ? strictly(value) : value]
    }),
  )
  const isOpen = 'additionalProperties' in schema || schema['x-kubernetes-preserve-unknown-fields']
  return schema.properties && !isOpen ? { ...copy, additionalProperties: false } : copy
}

/** A definition, and all that it refers to. */
function reached(name: string, definitions: ReadonlyMap<string, Schema>): Map<string, Schema> {
  const found = new Map<string, Schema>()
  const waiting = [name]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue
    const schema = definitions.get(next)!
    found.set(next, schema)
    for (const [, other] of JSON.stringify(schema).matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)) {
      waiting.push(other!)
    }
  }
  return found
}
