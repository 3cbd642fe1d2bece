import type { KubeObject } from '@pod-eip/kube'
import { age } from '../resources/columns/age.ts'
import type { ResourceType } from '../store/resource-type.ts'

/** How much of each object goes along with its row. */
export type IncludeObject = 'None' | 'Metadata' | 'Object'

/** `meta.k8s.io/v1` Table: what `kubectl get` prints. */
export function tableOfObjects(
  type: ResourceType,
  objects: KubeObject[],
  include: IncludeObject,
  now: number,
): object {
  const columnDefinitions = [
    { name: 'Name', type: 'string', format: 'name', description: 'Its name.', priority: 0 },
    ...type.columns.map(({ name, type: kind, description, priority }) => ({
      name,
      // The cells of dates are ages already.
      type: kind === 'date' ? 'string' : kind,
      format: '',
      description,
      priority,
    })),
  ]
  const rows = objects.map((object) => ({
    cells: [
      object.metadata.name,
      ...type.columns.map(({ type: kind, value }) => {
        const cell = value(object, now)
        if (kind === 'date') return cell === null ? '<unknown>' : age(String(cell), now)
        return cell ?? (type.custom ? '' : '<none>')
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
