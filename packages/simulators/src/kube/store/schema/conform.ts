import type { KubeObject } from '@pod-eip/kube'
import { type Cause, cause } from '../api-error.ts'
import { copy, isObject, type JsonObject } from '../json.ts'
import type { Schema } from './schema.ts'
import { valueCauses } from './value-causes.ts'

/**
 * Makes an object conform to its schema, in place: drops what the schema does not know and fields that are
 * null, and fills in defaults. Tells what is wrong with the rest, and what was dropped. Metadata is left alone.
 */
export function conform(object: KubeObject, schema: Schema): { causes: Cause[]; unknown: string[] } {
  const unknown: string[] = []
  const { apiVersion, kind, metadata, ...body } = object
  const causes = conformValue(body, withoutCommonFields(schema), '', unknown)
  for (const field of Object.keys(object)) delete object[field]
  Object.assign(object, { apiVersion, kind, metadata }, body)
  return { causes, unknown }
}

function withoutCommonFields(schema: Schema): Schema {
  const { apiVersion: _a, kind: _k, metadata: _m, ...properties } = schema.properties ?? {}
  return { ...schema, properties }
}

function conformValue(value: unknown, schema: Schema, path: string, unknown: string[]): Cause[] {
  const own = valueCauses(value, schema, path)
  if (isObject(value)) return [...own, ...conformFields(value, schema, path, unknown)]
  if (Array.isArray(value) && schema.items) {
    const { items } = schema
    return [...own, ...value.flatMap((item, i) => conformValue(item, items, `${path}[${i}]`, unknown))]
  }
  return own
}

function conformFields(value: JsonObject, schema: Schema, path: string, unknown: string[]): Cause[] {
  const { properties = {}, additionalProperties, required = [] } = schema
  // An object of which nothing is said is free; so is one that says so.
  const open = schema['x-kubernetes-preserve-unknown-fields'] || additionalProperties === true
  const inside = (field: string) => (path === '' ? field : `${path}.${field}`)
  for (const [field, own] of Object.entries(properties)) {
    if (value[field] === null && !own.nullable) delete value[field]
    if (value[field] === undefined && own.default !== undefined) value[field] = copy(own.default)
  }
  const causes: Cause[] = []
  for (const [field, item] of Object.entries(value)) {
    const own =
      properties[field] ?? (isObject(additionalProperties) ? (additionalProperties as Schema) : undefined)
    if (own) {
      if (item !== null || !own.nullable) causes.push(...conformValue(item, own, inside(field), unknown))
    } else if (!open) {
      unknown.push(inside(field))
      delete value[field]
    }
  }
  for (const field of required) {
    if (value[field] === undefined && properties[field]) causes.push(cause.required(inside(field)))
  }
  return causes
}
