import type { KubeObject } from '@pod-eip/kube'
import type { Column } from '../../store/resource-type.ts'
import { readJsonPath } from './json-path.ts'

/** A column as a CustomResourceDefinition describes it. */
export interface PrinterColumn {
  name: string
  type: string
  jsonPath: string
  description?: string
  priority?: number
}

const age: PrinterColumn = { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }

/** Its columns; only the age where it names none. */
export function customColumns(columns: PrinterColumn[] = [age]): Column[] {
  return columns.map(({ name, type, jsonPath, description = '', priority = 0 }) => ({
    name,
    type: type as Column['type'],
    description,
    priority,
    value: (object: KubeObject) => cell(readJsonPath(object, jsonPath)),
  }))
}

function cell(values: unknown[]): string | number | boolean | null {
  const [first] = values
  if (first === undefined || first === null) return null
  if (values.length > 1) return values.map(String).join(',')
  if (typeof first === 'object') return JSON.stringify(first)
  return first as string | number | boolean
}
