import { equal, isObject, type JsonObject } from '../json.ts'
import { fieldSchema, type Schema } from '../schema/schema.ts'

/**
 * One step to a field, written as in `fieldsV1`: `f:name` a field, `k:{"name":"x"}` the item of a list with
 * these keys, `v:"x"` a member of a set.
 */
export type Step = string

/** A set of fields: the leaves of an object and the items of its keyed lists, as paths. */
export type FieldSet = Set<string>

const separator = '\u0000'

export const pathOf = (steps: readonly Step[]): string => steps.join(separator)
export const stepsOf = (path: string): Step[] => path.split(separator)

/** The fields of a value; what the API server itself keeps in metadata does not count. */
export function fieldsOf(object: unknown, schema: Schema): FieldSet {
  const fields: FieldSet = new Set()
  collect(object, schema, [], fields)
  for (const path of fields) if (isSystemField(path)) fields.delete(path)
  return fields
}

const systemMetadata = new Set(
  ['name', 'namespace', 'generateName', 'uid', 'resourceVersion', 'generation', 'creationTimestamp']
    .concat(['deletionTimestamp', 'deletionGracePeriodSeconds', 'selfLink', 'managedFields'])
    .map((field) => `f:${field}`),
)

function isSystemField(path: string): boolean {
  const [first = '', second = ''] = stepsOf(path)
  return ['f:apiVersion', 'f:kind'].includes(first) || (first === 'f:metadata' && systemMetadata.has(second))
}

function collect(value: unknown, schema: Schema | undefined, steps: Step[], fields: FieldSet): void {
  if (isObject(value) && schema?.['x-kubernetes-map-type'] !== 'atomic' && Object.keys(value).length > 0) {
    for (const [field, inner] of Object.entries(value)) {
      collect(inner, fieldSchema(schema, field), [...steps, `f:${field}`], fields)
    }
    return
  }
  if (Array.isArray(value)) {
    switch (schema?.['x-kubernetes-list-type']) {
      case 'set':
        for (const item of value) fields.add(pathOf([...steps, `v:${JSON.stringify(item)}`]))
        return
      case 'map':
        for (const item of value) {
          const step = [...steps, itemStep(item, schema)]
          fields.add(pathOf(step))
          collect(item, schema.items, step, fields)
        }
        return
    }
  }
  if (steps.length > 0) fields.add(pathOf(steps))
}

/** The step to an item of a keyed list; keys that it leaves out have their defaults. */
export function itemStep(item: unknown, schema: Schema): Step {
  const own = isObject(item) ? item : {}
  const keys = [...(schema['x-kubernetes-list-map-keys'] ?? [])].sort()
  const values = keys.map((key) => [key, own[key] ?? schema.items?.properties?.[key]?.default])
  return `k:${JSON.stringify(Object.fromEntries(values))}`
}

/** The value at a path; undefined where there is none. */
export function valueAt(value: unknown, steps: readonly Step[]): unknown {
  return steps.reduce<unknown>((inner, step) => {
    if (step.startsWith('f:')) return isObject(inner) ? inner[step.slice(2)] : undefined
    return Array.isArray(inner) ? inner[indexOf(inner, step)] : undefined
  }, value)
}

/** Takes a field or an item out, and the objects and lists that this leaves empty. */
export function removeAt(value: unknown, steps: readonly Step[]): void {
  const [step, ...rest] = steps
  if (step === undefined) return
  const holder = value as JsonObject & unknown[]
  const key = step.startsWith('f:') ? step.slice(2) : Array.isArray(value) ? indexOf(value, step) : -1
  if (!isObject(value) && !Array.isArray(value)) return
  const inner = (holder as Record<string | number, unknown>)[key]
  if (inner === undefined) return
  if (rest.length > 0) {
    removeAt(inner, rest)
    if (typeof inner !== 'object' || inner === null || Object.keys(inner).length > 0) return
  }
  if (typeof key === 'number') holder.splice(key, 1)
  else delete holder[key]
}

function indexOf(items: unknown[], step: Step): number {
  const wanted: unknown = JSON.parse(step.slice(2))
  if (step.startsWith('v:')) return items.findIndex((item) => equal(item, wanted))
  // A key that the item leaves out stands for its default.
  const matches = (item: unknown) =>
    isObject(item) &&
    Object.entries(wanted as JsonObject).every(
      ([key, value]) => item[key] === undefined || equal(item[key], value),
    )
  return items.findIndex(matches)
}

/** As `managedFields` writes it. */
export function toFieldsV1(fields: FieldSet): JsonObject {
  const tree: JsonObject = {}
  const parents = new Set<string>()
  for (const path of fields) {
    const steps = stepsOf(path)
    for (let n = 1; n < steps.length; n++) parents.add(pathOf(steps.slice(0, n)))
  }
  for (const path of [...fields].sort()) {
    let node = tree
    for (const step of stepsOf(path)) {
      node[step] ??= {}
      node = node[step] as JsonObject
    }
    if (parents.has(path)) node['.'] = {}
  }
  return tree
}

export function fromFieldsV1(tree: unknown): FieldSet {
  const fields: FieldSet = new Set()
  const walk = (node: unknown, steps: Step[]) => {
    const entries = Object.entries(isObject(node) ? node : {})
    if (steps.length > 0 && (entries.length === 0 || entries.some(([step]) => step === '.'))) {
      fields.add(pathOf(steps))
    }
    for (const [step, inner] of entries) if (step !== '.') walk(inner, [...steps, step])
  }
  walk(tree, [])
  return fields
}

/** For people: `.spec.containers[name="x"].image`. */
export function readablePath(path: string): string {
  return stepsOf(path)
    .map((step) => {
      if (step.startsWith('f:')) return `.${step.slice(2)}`
      if (step.startsWith('v:')) return `[=${step.slice(2)}]`
      const keys = Object.entries(JSON.parse(step.slice(2)) as JsonObject)
      return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`
    })
    .join('')
}
