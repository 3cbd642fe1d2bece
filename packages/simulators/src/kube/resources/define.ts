import type { ResourceType } from '../store/resource-type.ts'

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
  }
}
