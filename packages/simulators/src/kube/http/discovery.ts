import { apiVersionOf } from '../store/registry.ts'
import type { ResourceType } from '../store/resource-type.ts'

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

interface Subresource {
  name: string
  kind: { group: string; version: string; kind: string }
  verbs: string[]
}

function subresourcesOf(type: ResourceType): Subresource[] {
  const own = { group: type.group, version: type.version, kind: type.kind }
  const scale = { group: 'autoscaling', version: 'v1', kind: 'Scale' }
  const readAndWrite = ['get', 'patch', 'update']
  const pod: Subresource[] = [
    { name: 'binding', kind: { group: '', version: 'v1', kind: 'Binding' }, verbs: ['create'] },
    { name: 'eviction', kind: { group: 'policy', version: 'v1', kind: 'Eviction' }, verbs: ['create'] },
  ]
  return [
    ...(type.plural === 'pods' && type.group === '' ? pod : []),
    ...Object.keys(type.parts ?? {}).map((name) => ({ name, kind: own, verbs: readAndWrite })),
    ...(type.scale ? [{ name: 'scale', kind: scale, verbs: readAndWrite }] : []),
    ...(type.status ? [{ name: 'status', kind: own, verbs: readAndWrite }] : []),
  ]
}

/** The groups in the order in which kubectl should look, each with its versions. */
function groupsOf(types: ResourceType[]): { group: string; versions: string[] }[] {
  const groups = new Map<string, Set<string>>()
  for (const { group, version } of types) groups.set(group, (groups.get(group) ?? new Set()).add(version))
  return [...groups].map(([group, versions]) => ({ group, versions: [...versions] }))
}

/** `/api`. */
export const apiVersions = () => ({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] })

/** `/apis`. */
export function groupList(types: ResourceType[]): object {
  const groups = groupsOf(types).filter(({ group }) => group !== '')
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupEntry) }
}

/** `/apis/GROUP`; undefined when there is no such group. */
export function groupDocument(types: ResourceType[], name: string): object | undefined {
  const found = groupsOf(types).find(({ group }) => group === name)
  return found && name !== '' ? { kind: 'APIGroup', apiVersion: 'v1', ...groupEntry(found) } : undefined
}

function groupEntry({ group, versions }: { group: string; versions: string[] }) {
  const entries = versions.map((version) => ({ groupVersion: `${group}/${version}`, version }))
  return { name: group, versions: entries, preferredVersion: entries[0] }
}

/** `/api/v1` and `/apis/GROUP/VERSION`; undefined when nothing is served there. */
export function resourceList(types: ResourceType[], group: string, version: string): object | undefined {
  const own = types.filter((type) => type.group === group && type.version === version)
  const first = own[0]
  if (!first) return undefined
  const resources = own.flatMap((type) => [
    {
      name: type.plural,
      singularName: type.singular,
      namespaced: type.namespaced,
      kind: type.kind,
      verbs,
      ...(type.shortNames.length > 0 ? { shortNames: type.shortNames } : {}),
      ...(type.categories.length > 0 ? { categories: type.categories } : {}),
    },
    ...subresourcesOf(type).map((sub) => ({
      name: `${type.plural}/${sub.name}`,
      singularName: '',
      namespaced: type.namespaced,
      ...sub.kind,
      verbs: sub.verbs,
    })),
  ])
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: apiVersionOf(first), resources }
}

/** Aggregated discovery: everything of `/api` (the core group) or `/apis` (all others) in one answer. */
export function aggregated(types: ResourceType[], core: boolean): object {
  const groups = groupsOf(types).filter(({ group }) => (group === '') === core)
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ group, versions }) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: versions.map((version) => ({
        version,
        freshness: 'Current',
        resources: types
          .filter((type) => type.group === group && type.version === version)
          .map(aggregatedResource),
      })),
    })),
  }
}

function aggregatedResource(type: ResourceType): object {
  const { group, version, kind } = type
  return {
    resource: type.plural,
    responseKind: { group, version, kind },
    scope: type.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: type.singular,
    verbs,
    shortNames: type.shortNames,
    categories: type.categories,
    subresources: subresourcesOf(type).map((sub) => ({
      subresource: sub.name,
      responseKind: sub.kind,
      verbs: sub.verbs,
    })),
  }
}
