import type { KubeObject } from '@pod-eip/kube'
import { equal, isObject, type JsonObject } from '../json.ts'
import type { ResourceType } from '../resource-type.ts'
import { type FieldSet, fieldsOf, fromFieldsV1, stepsOf, toFieldsV1, valueAt } from './field-set.ts'
import { groupFieldsOf } from './group-fields.ts'

/** Who writes, and how. */
export interface Writer {
  manager: string
  operation: 'Apply' | 'Update'
  apiVersion: string
  subresource?: string
}

/** One entry of `metadata.managedFields`. */
export interface Ownership extends Writer {
  time: string
  fields: FieldSet
}

/** The entries of an object's managedFields. */
export function ownershipsOf({ metadata }: Pick<KubeObject, 'metadata'>): Ownership[] {
  return (metadata.managedFields ?? []).filter(isObject).flatMap((entry: JsonObject) => {
    if (typeof entry.manager !== 'string') return []
    const { manager, operation, apiVersion, subresource, time } = entry
    const writer = {
      manager,
      operation,
      apiVersion,
      time,
      ...(subresource ? { subresource } : {}),
    } as Ownership
    return [{ ...writer, fields: fromFieldsV1(entry.fieldsV1) }]
  })
}

/** As `metadata.managedFields` has it; entries that own nothing are left out. */
export function toManagedFields(ownerships: Ownership[]): JsonObject[] {
  return ownerships
    .filter(({ fields }) => fields.size > 0)
    .map(({ manager, operation, apiVersion, subresource, time, fields }) => ({
      manager,
      operation,
      apiVersion,
      time,
      fieldsType: 'FieldsV1',
      fieldsV1: toFieldsV1(fields),
      ...(subresource ? { subresource } : {}),
    }))
}

export function sameWriter(a: Writer, b: Writer): boolean {
  return (
    a.manager === b.manager && a.operation === b.operation && (a.subresource ?? '') === (b.subresource ?? '')
  )
}

/** The entries with those of one writer put to `fields`; the time moves only with the fields. */
export function withFields(
  ownerships: Ownership[],
  writer: Writer,
  fields: FieldSet,
  time: string,
): Ownership[] {
  const index = ownerships.findIndex((entry) => sameWriter(entry, writer))
  const before = ownerships[index]
  const unchanged = before !== undefined && sameFields(before.fields, fields)
  const entry = { ...writer, time: unchanged ? before.time : time, fields }
  return index < 0 ? [...ownerships, entry] : ownerships.with(index, entry)
}

/**
 * Who owns what after a write that is not an apply: the writer owns what it added or changed, nobody else
 * does any more, and what is gone is owned by nobody.
 */
export function afterUpdate(
  ownerships: Ownership[],
  before: KubeObject | null,
  next: KubeObject,
  { schema, custom }: Pick<ResourceType, 'schema' | 'custom'>,
  writer: Writer,
  time: string,
): Ownership[] {
  const [had, has] = [fieldsOf(before ?? {}, schema), fieldsOf(next, schema)]
  const changed = [...has].filter(
    (path) => !had.has(path) || !equal(valueAt(before, stepsOf(path)), valueAt(next, stepsOf(path))),
  )
  const [hadGroups, groups] = [
    groupFieldsOf(before ?? {}, schema, custom),
    groupFieldsOf(next, schema, custom),
  ]
  const gone = had.difference(has).union(hadGroups.difference(groups))
  const taken = new Set([...gone, ...changed])
  const own = ownerships.find((entry) => sameWriter(entry, writer))?.fields ?? new Set()
  const others = ownerships.map((entry) =>
    sameWriter(entry, writer) ? entry : { ...entry, fields: entry.fields.difference(taken) },
  )
  const fields = own.difference(gone).union(new Set(changed)).union(groups.difference(hadGroups))
  return fields.size === 0 ? others : withFields(others, writer, fields, time)
}

function sameFields(a: FieldSet, b: FieldSet): boolean {
  return a.size === b.size && a.isSubsetOf(b)
}
