import type { KubeObject } from '@pod-eip/kube'
import { ApiError } from './api-error.ts'
import { tableOf } from './core.ts'
import type { ResourceRef, ResourceType } from './resource-type.ts'

/** The resource types that are served: the built-in ones, and those of the CustomResourceDefinitions. */
export interface Registry {
  /** @throws ApiError 404 when no such resource is served */
  find(ref: ResourceRef): ResourceType
  /** The type of objects with this apiVersion and kind, as owner references name them. */
  ofKind(apiVersion: string, kind: string): ResourceType | undefined
  /** The type whose objects live in this table. */
  ofTable(table: string): ResourceType | undefined
  all(): ResourceType[]
  /** Every table once: of a resource with several versions, the first. */
  tables(): ResourceType[]
  /** Serves what these definitions say, and no other custom resource. */
  setDefinitions(definitions: KubeObject[]): void
}

/** `group/version`, or the version alone for the core group. */
export function apiVersionOf({ group, version }: Pick<ResourceRef, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`
}

export function createRegistry(
  builtIn: readonly ResourceType[],
  typesOf: (definition: KubeObject) => ResourceType[],
): Registry {
  let types: ResourceType[] = [...builtIn]
  let byRef = index(types)
  let byTable = indexTables(types)
  const known = new Map<KubeObject, ResourceType[]>()
  return {
    find({ group, version, plural }) {
      const found = byRef.get(`${group}/${version}/${plural}`)
      if (found) return found
      throw new ApiError(404, 'NotFound', 'the server could not find the requested resource', {
        group,
        kind: plural,
      })
    },
    ofKind: (apiVersion, kind) =>
      types.find((type) => type.kind === kind && apiVersionOf(type) === apiVersion),
    ofTable: (table) => byTable.get(table),
    all: () => types,
    tables: () => [...byTable.values()],
    setDefinitions(definitions) {
      for (const definition of known.keys()) if (!definitions.includes(definition)) known.delete(definition)
      for (const definition of definitions) {
        if (!known.has(definition)) known.set(definition, typesOf(definition))
      }
      types = [...builtIn, ...[...known.values()].flat()]
      byRef = index(types)
      byTable = indexTables(types)
    },
  }
}

function index(types: ResourceType[]): Map<string, ResourceType> {
  return new Map(types.map((type) => [`${type.group}/${type.version}/${type.plural}`, type]))
}

function indexTables(types: ResourceType[]): Map<string, ResourceType> {
  return new Map(types.toReversed().map((type) => [tableOf(type), type]))
}
