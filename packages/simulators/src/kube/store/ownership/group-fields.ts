import { isObject } from '../json.ts'
import { fieldSchema, type Schema } from '../schema/schema.ts'
import { type FieldSet, itemStep, pathOf, type Step } from './field-set.ts'

/**
 * The maps and merged lists in a value, which an update owns besides what is in them once it has added them. Fields
 * that every object has, and structs of built-in kinds, are not counted: only in custom resources is each object
 * such a map.
 */
export function groupFieldsOf(object: unknown, schema: Schema, custom: boolean): FieldSet {
  const fields: FieldSet = new Set()
  collect(object, schema, custom, [], fields)
  return fields
}

function collect(
  value: unknown,
  schema: Schema | undefined,
  custom: boolean,
  steps: Step[],
  fields: FieldSet,
): void {
  if (isObject(value) && schema?.['x-kubernetes-map-type'] !== 'atomic') {
    if (steps[0] === 'f:metadata' && steps[1] === 'f:managedFields') return
    const isMap = schema?.additionalProperties !== undefined || (custom && steps[0] !== 'f:metadata')
    if (isMap && steps.length > 0) fields.add(pathOf(steps))
    for (const [field, inner] of Object.entries(value)) {
      collect(inner, fieldSchema(schema, field), custom, [...steps, `f:${field}`], fields)
      if (schema?.required?.includes(field) && Array.isArray(inner)) {
        fields.delete(pathOf([...steps, `f:${field}`]))
      }
    }
  }
  if (!Array.isArray(value)) return
  const kind = schema?.['x-kubernetes-list-type']
  if (kind !== 'set' && kind !== 'map') return
  fields.add(pathOf(steps))
  if (kind === 'set') return
  for (const item of value) collect(item, schema?.items, custom, [...steps, itemStep(item, schema!)], fields)
}
