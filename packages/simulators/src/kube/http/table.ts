import type { KubeObject } from '@pod-eip/kube'
import { age } from '../resources/columns/age.ts'
import type { Column, ResourceType } from '../store/resource-type.ts'

/** How much of each object goes along with its row. */
export type IncludeObject = 'None' | 'Metadata' | 'Object'

const nameColumn: Column = {
  ...{ name: 'Name', type: 'string', description: 'Its name.', priority: 0 },
  value: ({ metadata }) => metadata.name,
}

/** `meta.k8s.io/v1` Table: what `kubectl get` prints. */
export function tableOfObjects(
  type: ResourceType,
  objects: KubeObject[],
  include: IncludeObject,
  now: number,
): object {
  // Events have it at their end.
  const leading: Column[] = type.columns.some(({ name }) => name === nameColumn.name) ? [] : [nameColumn]
  const columns = [...leading, ...type.columns]
  const columnDefinitions = [
    ...columns.map(({ name, type: kind, description, priority }) => ({
      name,
      // The cells of dates are ages already.
      type: kind === 'date' && !type.custom ? 'string' : kind,
      format: name === nameColumn.name ? 'name' : '',
      description,
      priority,
    })),
  ]
  const rows = objects.map((object) => ({
    cells: [
      ...columns.map(({ type: kind, value }) => {
        const cell = value(object, now)
        if (kind === 'date') return cell === null ? '<unknown>' : age(String(cell), now)
        return cell ?? (type.custom ? null : '<none>')
      }),
    ],
    ...(include === 'None' ? {} : { object: include === 'Object' ? object : partialMetadata(object) }),
  }))
  return { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: {}, columnDefinitions, rows }
}

/** `meta.k8s.io/v1` PartialObjectMetadata: an object's metadata alone. */
export function partialMetadata({ metadata }: KubeObject): object {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
}
