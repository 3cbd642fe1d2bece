import type { AnyObject, Node, Pod } from '../shared/objects.ts'
import { objectKey } from '../shared/pod-state.ts'
import type { Resource } from '../shared/resources.ts'

/** A change of one object: absent before when it is new, absent after when it is gone. */
export interface Change {
  resource: Resource
  before: AnyObject | undefined
  after: AnyObject | undefined
}

/** What the watches have shown, with the look-ups that controllers need. */
export interface ObjectCache {
  apply(change: { resource: Resource; object: AnyObject; gone: boolean }): Change
  get<T>(resource: Resource, key: string): T | undefined
  list<T>(resource: Resource): T[]
  /** The objects of a resource that name this uid in their ownerReferences. */
  ownedBy<T>(uid: string | undefined, resource: Resource): T[]
  podsOn(nodeName: string): Pod[]
  node(name: string | undefined): Node | undefined
}

export function createObjectCache(podResource: Resource, nodeResource: Resource): ObjectCache {
  const byResource = new Map<string, Map<string, AnyObject>>()
  const byOwner = new Map<string, Map<string, AnyObject>>()
  const byNode = new Map<string, Map<string, AnyObject>>()
  const objects = (resource: Resource) => at(byResource, `${resource.group}/${resource.plural}`)

  const index = (resource: Resource, key: string, object: AnyObject, present: boolean) => {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      put(byOwner, `${uid}/${resource.plural}`, key, present ? object : undefined)
    }
    const nodeName = resource.plural === podResource.plural ? (object as unknown as Pod).spec.nodeName : null
    if (nodeName) put(byNode, nodeName, key, present ? object : undefined)
  }
  return {
    apply({ resource, object, gone }) {
      const key = objectKey(object)
      const before = objects(resource).get(key)
      if (before) index(resource, key, before, false)
      if (gone) {
        objects(resource).delete(key)
        return { resource, before: before ?? object, after: undefined }
      }
      // Items of a list and of a watch need not carry their kind; Events about them must.
      const apiVersion = resource.group ? `${resource.group}/${resource.version}` : resource.version
      const after: AnyObject = { ...object, apiVersion, kind: resource.kind }
      objects(resource).set(key, after)
      index(resource, key, after, true)
      return { resource, before, after }
    },
    get: <T>(resource: Resource, key: string) => objects(resource).get(key) as T | undefined,
    list: <T>(resource: Resource) => [...objects(resource).values()] as T[],
    ownedBy: <T>(uid: string | undefined, resource: Resource) =>
      [...(byOwner.get(`${uid}/${resource.plural}`)?.values() ?? [])] as T[],
    podsOn: (nodeName) => [...(byNode.get(nodeName)?.values() ?? [])] as unknown as Pod[],
    node: (name) => (name ? (objects(nodeResource).get(name) as Node | undefined) : undefined),
  }
}

function at<V>(maps: Map<string, Map<string, V>>, name: string): Map<string, V> {
  let map = maps.get(name)
  if (!map) {
    map = new Map()
    maps.set(name, map)
  }
  return map
}

function put<V>(maps: Map<string, Map<string, V>>, name: string, key: string, value: V | undefined): void {
  if (value !== undefined) {
    at(maps, name).set(key, value)
    return
  }
  maps.get(name)?.delete(key)
  if (maps.get(name)?.size === 0) maps.delete(name)
}
