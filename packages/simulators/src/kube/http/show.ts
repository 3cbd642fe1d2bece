import type { KubeObject } from '@pod-eip/kube'
import { apiVersionOf } from '../store/registry.ts'
import type { ResourceType } from '../store/resource-type.ts'
import type { Exchange } from './exchange.ts'
import { type Form, negotiate } from './negotiate.ts'
import { type IncludeObject, partialMetadata, tableOfObjects } from './table.ts'

/** How much of each object the rows of a Table bring along. */
export function includeOf({ url }: Exchange): IncludeObject {
  const asked = url.searchParams.get('includeObject')
  return asked === 'None' || asked === 'Object' ? asked : 'Metadata'
}

/** One object in the form that the client asks for. */
export function show(exchange: Exchange, type: ResourceType, object: KubeObject, now: number): object {
  return inForm(negotiate(exchange.request.headers.accept), includeOf(exchange), type, object, now)
}

/** One object in a form. */
export function inForm(
  form: Form,
  include: IncludeObject,
  type: ResourceType,
  object: KubeObject,
  now: number,
): object {
  switch (form) {
    case 'table': {
      const { resourceVersion } = object.metadata
      return { ...tableOfObjects(type, [object], include, now), metadata: { resourceVersion } }
    }
    case 'metadata':
    case 'metadata list':
      return partialMetadata(object)
    case 'object':
    case 'discovery':
      return object
  }
}

/** A list in the form that the client asks for. */
export function showList(
  exchange: Exchange,
  type: ResourceType,
  items: KubeObject[],
  metadata: object,
  now: number,
): object {
  switch (negotiate(exchange.request.headers.accept)) {
    case 'table':
      return { ...tableOfObjects(type, items, includeOf(exchange), now), metadata }
    case 'metadata':
    case 'metadata list':
      return {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: items.map(partialMetadata),
      }
    case 'object':
    case 'discovery':
      return { kind: type.listKind, apiVersion: apiVersionOf(type), metadata, items }
  }
}
