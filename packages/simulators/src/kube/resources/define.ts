import type { ResourceType } from '../store/resource-type.ts'
import type { Schema } from '../store/schema/schema.ts'
import { metadataSchema } from './schema/metadata.ts'

const common: Record<string, Schema> = {
  apiVersion: { type: 'string', description: 'Group and version of the schema of this object.' },
  kind: { type: 'string', description: 'What kind of object this is.' },
  metadata: metadataSchema,
}

type Needed = 'version' | 'plural' | 'kind' | 'namespaced' | 'schema'

/** A resource type with what most of them have in common filled in. */
export function define(type: Pick<ResourceType, Needed> & Partial<ResourceType>): ResourceType {
  return {
    group: '',
    singular: type.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    custom: false,
    listKind: `${type.kind}List`,
    status: false,
    generation: false,
    columns: [],
    rules: {},
    ...type,
    schema: { ...type.schema, properties: { ...type.schema.properties, ...common } },
  }
}
