import type { KubeObject } from '@pod-eip/kube'
import type { Column } from '../../store/resource-type.ts'

type Value = Column['value']

/** Short words for the columns of `kubectl get`. */
export const column = (name: string, value: Value, description = `${name}.`): Column => ({
  name,
  type: 'string',
  description,
  priority: 0,
  value,
})
export const count = (name: string, value: (object: KubeObject) => number | undefined): Column => ({
  ...column(name, (object) => value(object) ?? 0),
  type: 'integer',
})
/** Only with `-o wide`. */
export const wide = (name: string, value: Value): Column => ({ ...column(name, value), priority: 1 })

export const age: Column = {
  ...column('Age', ({ metadata }) => metadata.creationTimestamp ?? null, 'How long it has been there.'),
  type: 'date',
}

/** The texts with commas between; null when there are none. */
export const joined = (texts: string[]): string | null => (texts.length > 0 ? texts.join(',') : null)
