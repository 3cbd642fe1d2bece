import type { KubeObject, WatchEvent } from '@pod-eip/kube'
import type { Selection } from './list.ts'
import type { Registry } from './registry.ts'
import type { ResourceRef, ResourceType } from './resource-type.ts'

/** A resource as it is stored, and the way there and back. */
export interface Seen {
  /** The resource that was asked for: what patches are meant for. */
  asked: ResourceType
  type: ResourceType
  stored(object: KubeObject): KubeObject
  shown(object: KubeObject): KubeObject
  shownEvent(event: WatchEvent): WatchEvent
  storedQuery<Query extends Selection>(query: Query): Query
}

/** Where a resource is stored: itself, unless it shows another one. @throws ApiError 404 */
export function seen(registry: Registry, resource: ResourceRef): Seen {
  const asked = registry.find(resource)
  const { view } = asked
  const same = <T>(value: T) => value
  if (!view) return { asked, type: asked, stored: same, shown: same, shownEvent: same, storedQuery: same }
  return {
    asked,
    type: registry.find(view.of),
    stored: view.stored,
    shown: view.shown,
    shownEvent: (event) =>
      event.type === 'BOOKMARK' ? event : { ...event, object: view.shown(event.object) },
    storedQuery(query) {
      const fields = query.fieldSelector?.split(',').map((part) => {
        const [, field = '', rest = ''] = /^([^=!]*)(.*)$/.exec(part.trim()) ?? []
        return view.storedField(field) + rest
      })
      return fields ? { ...query, fieldSelector: fields.join(',') } : query
    },
  }
}
