import type { KubeObject } from '@pod-eip/kube'
import { ApiError, type Cause } from '../api-error.ts'
import { copy, equal, isObject, type JsonObject } from '../json.ts'
import { fieldSchema, type Schema } from '../schema/schema.ts'
import { type FieldSet, fieldsOf, itemStep, readablePath, removeAt, stepsOf, valueAt } from './field-set.ts'
import { type Ownership, ownershipsOf, sameWriter, type Writer, withFields } from './managed-fields.ts'

/** What an apply comes to: the object, and who owns what in it. */
export interface Applied {
  object: KubeObject
  ownerships: Ownership[]
}

/**
 * Server-side apply: the object gets what the configuration says and loses what this manager said before
 * and says no more, unless somebody else owns it too.
 *
 * @param force take fields over from others
 * @throws ApiError 409 that names the fields and managers, when others own fields with other values
 */
export function applyConfiguration(
  live: KubeObject,
  configuration: KubeObject,
  schema: Schema,
  writer: Writer,
  force: boolean,
  time: string,
): Applied {
  const fields = fieldsOf(configuration, schema)
  const ownerships = ownershipsOf(live)
  const others = ownerships.filter((entry) => !sameWriter(entry, writer))
  const object = merge(live, configuration, schema) as KubeObject
  const conflicts = others.map((entry) => ({ entry, paths: disputed(entry, fields, live, object) }))
  if (!force) refuseConflicts(conflicts.filter(({ paths }) => paths.length > 0))
  const said = ownerships.find((entry) => sameWriter(entry, writer))?.fields ?? new Set<string>()
  for (const path of abandoned(said, fields, others)) removeAt(object, stepsOf(path))
  const left = ownerships.map((entry) => {
    const lost = conflicts.find((conflict) => conflict.entry === entry)?.paths ?? []
    return { ...entry, fields: entry.fields.difference(new Set(lost)) }
  })
  return { object, ownerships: withFields(left, writer, fields, time) }
}

function disputed(
  { fields: theirs }: Ownership,
  ours: FieldSet,
  live: KubeObject,
  merged: KubeObject,
): string[] {
  return [...ours.intersection(theirs)].filter((path) => {
    const steps = stepsOf(path)
    // To name the same item of a list is no dispute; its fields speak for themselves.
    if (!steps.at(-1)?.startsWith('f:')) return false
    return !equal(valueAt(live, steps), valueAt(merged, steps))
  })
}

/** What was said and is said no more, and is nobody else's: the deepest first. */
function abandoned(said: FieldSet, fields: FieldSet, others: Ownership[]): string[] {
  return [...said.difference(fields)]
    .filter((path) => !others.some((entry) => [...entry.fields].some((theirs) => isWithin(theirs, path))))
    .sort((a, b) => stepsOf(b).length - stepsOf(a).length)
}

function isWithin(path: string, ancestor: string): boolean {
  const [steps, above] = [stepsOf(path), stepsOf(ancestor)]
  return above.every((step, i) => steps[i] === step)
}

function refuseConflicts(conflicts: { entry: Ownership; paths: string[] }[]): void {
  const causes = conflicts.flatMap(({ entry, paths }) => paths.map((path) => conflictCause(entry, path)))
  if (causes.length === 0) return
  const groups = conflicts.map(({ entry, paths }) => {
    const [first = '', ...more] = paths.map(readablePath)
    if (more.length === 0) return `conflict with ${told(entry)}: ${first}`
    return `conflicts with ${told(entry)}:\n${[first, ...more].map((path) => `- ${path}`).join('\n')}`
  })
  const count = causes.length === 1 ? '1 conflict' : `${causes.length} conflicts`
  const message = `Apply failed with ${count}: ${groups.join('\n')}`
  throw new ApiError(409, 'Conflict', message, { causes })
}

function conflictCause(entry: Ownership, path: string): Cause {
  return {
    reason: 'FieldManagerConflict',
    message: `conflict with ${told(entry)}`,
    field: readablePath(path),
  }
}

function told({ manager, subresource, apiVersion, operation }: Ownership): string {
  if (operation === 'Apply') return `"${manager}"`
  return `"${manager}"${subresource ? ` with subresource "${subresource}"` : ''} using ${apiVersion}`
}

function merge(live: unknown, said: unknown, schema: Schema | undefined): unknown {
  if (isObject(said) && isObject(live) && schema?.['x-kubernetes-map-type'] !== 'atomic') {
    const result: JsonObject = copy(live)
    for (const [field, value] of Object.entries(said)) {
      result[field] = merge(live[field], value, fieldSchema(schema, field))
    }
    return result
  }
  if (Array.isArray(said) && Array.isArray(live)) {
    switch (schema?.['x-kubernetes-list-type']) {
      case 'set':
        return [...live, ...said.filter((item) => !live.some((old) => equal(old, item)))]
      case 'map':
        return mergeItems(live, said, schema)
    }
  }
  return copy(said)
}

function mergeItems(live: unknown[], said: unknown[], schema: Schema): unknown[] {
  const result = copy(live)
  for (const item of said) {
    const step = itemStep(item, schema)
    const index = result.findIndex((old) => itemStep(old, schema) === step)
    if (index < 0) result.push(copy(item))
    else result[index] = merge(result[index], item, schema.items)
  }
  return result
}
