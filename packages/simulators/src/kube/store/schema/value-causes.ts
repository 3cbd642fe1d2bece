import { isQuantity } from '../../resources/quantity.ts'
import { type Cause, cause } from '../api-error.ts'
import { equal, isObject } from '../json.ts'
import type { Schema } from './schema.ts'

/** What is wrong with one value by its own schema, not looking into its fields and items. */
export function valueCauses(value: unknown, schema: Schema, path: string): Cause[] {
  const type = typeCause(value, schema, path)
  if (type) return [type]
  const found: Cause[] = []
  const bad = (rule: string) => found.push(cause.invalid(path, value, `${path} in body ${rule}`))
  if (schema.enum && !schema.enum.some((allowed) => equal(allowed, value))) {
    found.push(cause.notSupported(path, value, schema.enum))
  }
  if (typeof value === 'string') found.push(...textRules(value, schema, path, bad))
  if (typeof value === 'number') numberRules(value, schema, bad)
  if (Array.isArray(value)) {
    const { minItems, maxItems } = schema
    if (minItems !== undefined && value.length < minItems) bad(`should have at least ${minItems} items`)
    if (maxItems !== undefined && value.length > maxItems) {
      found.push(cause.tooMany(path, value.length, maxItems))
    }
    found.push(...duplicates(value, schema, path))
  }
  if (isObject(value)) {
    const { minProperties, maxProperties } = schema
    const size = Object.keys(value).length
    if (minProperties !== undefined && size < minProperties)
      bad(`should have at least ${minProperties} properties`)
    if (maxProperties !== undefined && size > maxProperties)
      bad(`should have at most ${maxProperties} properties`)
  }
  if (combinationFails(value, schema, path)) bad('must validate the schemas that it is combined from')
  return found
}

function typeCause(value: unknown, schema: Schema, path: string): Cause | undefined {
  const actual = jsonType(value)
  if (schema.format === 'quantity') {
    if (actual === 'integer' || actual === 'number') return undefined
    return typeof value === 'string' && isQuantity(value) ? undefined : cause.type(path, value, quantityRule)
  }
  if (schema['x-kubernetes-int-or-string']) {
    if (actual === 'integer' || actual === 'string') return undefined
    return cause.type(path, actual, `${path} in body must be of type integer,string: "${actual}"`)
  }
  if (!schema.type || schema.type === actual || (schema.type === 'number' && actual === 'integer'))
    return undefined
  return cause.type(path, actual, `${path} in body must be of type ${schema.type}: "${actual}"`)
}

const quantityRule =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"

function jsonType(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value
}

function textRules(value: string, schema: Schema, path: string, bad: (rule: string) => void): Cause[] {
  const length = [...value].length
  if (schema.minLength !== undefined && length < schema.minLength) {
    bad(`should be at least ${schema.minLength} chars long`)
  }
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) {
    bad(`should match '${schema.pattern}'`)
  }
  const wellFormed = schema.format === undefined || (formats[schema.format]?.(value) ?? true)
  const { maxLength } = schema
  return [
    ...(wellFormed
      ? []
      : [
          cause.type(
            path,
            value,
            `${path} in body must be of type ${schema.format}: ${JSON.stringify(value)}`,
          ),
        ]),
    ...(maxLength !== undefined && length > maxLength ? [cause.tooLong(path, maxLength)] : []),
  ]
}

const formats: Record<string, (text: string) => boolean> = {
  'date-time': (text) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)),
  'micro-time': (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text)),
  ipv4: (text) => /^(\d{1,3}\.){3}\d{1,3}$/.test(text) && text.split('.').every((part) => Number(part) < 256),
}

function numberRules(value: number, schema: Schema, bad: (rule: string) => void): void {
  const { minimum, maximum, multipleOf } = schema
  if (minimum !== undefined && (schema.exclusiveMinimum ? value <= minimum : value < minimum)) {
    bad(`should be greater than ${schema.exclusiveMinimum ? '' : 'or equal to '}${minimum}`)
  }
  if (maximum !== undefined && (schema.exclusiveMaximum ? value >= maximum : value > maximum)) {
    bad(`should be less than ${schema.exclusiveMaximum ? '' : 'or equal to '}${maximum}`)
  }
  if (multipleOf !== undefined && value % multipleOf !== 0) bad(`should be a multiple of ${multipleOf}`)
}

/** Lists that are sets or maps may hold each value or key once. */
function duplicates(items: unknown[], schema: Schema, path: string): Cause[] {
  const keys = schema['x-kubernetes-list-map-keys']
  const kind = schema['x-kubernetes-list-type']
  if (kind !== 'set' && kind !== 'map' && !schema.uniqueItems) return []
  const seen = new Set<string>()
  return items.flatMap((item, i) => {
    const key =
      kind === 'map' && isObject(item) ? Object.fromEntries((keys ?? []).map((k) => [k, item[k]])) : item
    const text = JSON.stringify(key)
    if (seen.has(text)) return [cause.duplicate(`${path}[${i}]`, key)]
    seen.add(text)
    return []
  })
}

function combinationFails(value: unknown, { allOf, anyOf, oneOf, not }: Schema, path: string): boolean {
  const fits = (schema: Schema): boolean =>
    valueCauses(value, schema, path).length === 0 &&
    (!isObject(value) ||
      ((schema.required ?? []).every((field) => field in value) &&
        Object.entries(schema.properties ?? {}).every(
          ([field, own]) =>
            value[field] === undefined || valueCauses(value[field], own, `${path}.${field}`).length === 0,
        )))
  if (allOf && !allOf.every(fits)) return true
  if (anyOf && !anyOf.some(fits)) return true
  if (oneOf && oneOf.filter(fits).length !== 1) return true
  return not !== undefined && fits(not)
}
