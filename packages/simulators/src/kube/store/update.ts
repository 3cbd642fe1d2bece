import type { KubeObject } from '@pod-eip/kube'
import { type Cause, cause, conflict, invalid, notFound, staleWrite } from './api-error.ts'
import { causesOfDraft, readObject } from './create.ts'
import { mayGo, versionOf } from './delete.ts'
import { dropEmpty } from './drop-empty.ts'
import { at, copy, equal, put } from './json.ts'
import { inVersion, type Operations, updater, type WriteOptions } from './operations.ts'
import { afterUpdate, type Ownership, ownershipsOf, toManagedFields } from './ownership/managed-fields.ts'
import type { ResourceType, WrittenPart } from './resource-type.ts'

/** `subresource`: `status`, or one of the type's parts. */
export type UpdateOptions = WriteOptions & { subresource?: string }

/** Replaces an object, or what a subresource writes of it. @throws ApiError 404, 409 Conflict, 422 Invalid */
export function updateObject(
  operations: Operations,
  type: ResourceType,
  object: KubeObject,
  options: UpdateOptions,
): KubeObject {
  const draft = readObject(type, object)
  const before = operations.core.find(type, draft.metadata.namespace, draft.metadata.name)
  if (!before) throw notFound(type, draft.metadata.name)
  if (type.custom && !draft.metadata.resourceVersion) {
    const why = cause.invalid('metadata.resourceVersion', 0, 'must be specified for an update')
    throw invalid(type, draft.metadata.name, [why])
  }
  return inVersion(type, replaceObject(operations, type, before, draft, options))
}

/** The same for a draft whose predecessor is at hand. */
export function replaceObject(
  { core }: Operations,
  type: ResourceType,
  before: KubeObject,
  draft: KubeObject,
  options: UpdateOptions & { ownerships?: Ownership[] },
): KubeObject {
  const { name, resourceVersion, uid } = draft.metadata
  if (resourceVersion && resourceVersion !== before.metadata.resourceVersion) throw staleWrite(type, name)
  if (uid && uid !== before.metadata.uid) {
    const why = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${before.metadata.uid}`
    throw conflict(type, name, why)
  }
  const part = type.parts?.[options.subresource ?? '']
  const next =
    options.subresource === 'status'
      ? statusOnto(type, before, draft)
      : part
        ? partOnto(part, before, draft)
        : draft
  keepSystemMetadata(next, before)
  if (type.status && options.subresource !== 'status') {
    if (before.status === undefined) delete next.status
    else next.status = before.status
  }
  const wrong = [...causesOfDraft(type, next, before, options), ...lateFinalizers(next, before)]
  if (part) wrong.push(...part.validateUpdate(next, before))
  else if (options.subresource !== 'status') wrong.push(...(type.rules.validateUpdate?.(next, before) ?? []))
  if (wrong.length > 0) throw invalid(type, name, wrong)
  if (type.generation && !equal(countedByGeneration(type, next), countedByGeneration(type, before))) {
    next.metadata.generation = (before.metadata.generation ?? 0) + 1
  }
  const emptied = next.metadata.managedFields?.every((entry) => equal(entry, {})) ?? false
  if (emptied) delete next.metadata.managedFields
  else if (before.metadata.managedFields) next.metadata.managedFields ??= before.metadata.managedFields
  if (options.ownerships) next.metadata.managedFields = toManagedFields(options.ownerships)
  if (equal(next, before)) return before
  if (!options.ownerships && !emptied) {
    const writer = updater(type, options)
    const owned = afterUpdate(ownershipsOf(next), before, next, type, writer, core.timestamp())
    next.metadata.managedFields = toManagedFields(owned)
  }
  if (options.dryRun) return next
  if (!next.metadata.deletionTimestamp || !mayGo(type, next)) return core.save(type, next)
  return { ...next, metadata: { ...next.metadata, ...versionOf(core.remove(type, before)) } }
}

/** The object with the status, and where the resource has it so the labels and annotations, of the draft. */
function statusOnto(type: ResourceType, before: KubeObject, draft: KubeObject): KubeObject {
  const next = copy(before)
  if (draft.status === undefined) delete next.status
  else next.status = draft.status
  if (type.rules.statusWritesMetadata) {
    const { labels, annotations, finalizers } = draft.metadata
    Object.assign(next.metadata, { labels, annotations, finalizers })
  }
  if (draft.metadata.managedFields) next.metadata.managedFields = draft.metadata.managedFields
  return copy(next)
}

/** The object with one part of the draft. */
function partOnto({ path }: WrittenPart, before: KubeObject, draft: KubeObject): KubeObject {
  const next = copy(before)
  put(next, path, at(draft, path))
  return next
}

function keepSystemMetadata(next: KubeObject, before: KubeObject): void {
  const {
    uid,
    creationTimestamp,
    generation,
    deletionTimestamp,
    deletionGracePeriodSeconds,
    resourceVersion,
  } = before.metadata
  Object.assign(next.metadata, { uid, creationTimestamp, resourceVersion, generation })
  Object.assign(next.metadata, { deletionTimestamp, deletionGracePeriodSeconds })
  dropEmpty(next.metadata)
}

/** What is on its way out waits for nothing new. */
function lateFinalizers({ metadata }: KubeObject, before: KubeObject): Cause[] {
  if (!before.metadata.deletionTimestamp) return []
  const late = metadata.finalizers?.filter((one) => !before.metadata.finalizers?.includes(one)) ?? []
  if (late.length === 0) return []
  const found = late.map((one) => JSON.stringify(one)).join(', ')
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${found}}`
  return [cause.forbidden('metadata.finalizers', why)]
}

function countedByGeneration(type: ResourceType, object: KubeObject): unknown {
  const { metadata: _, status, ...rest } = object
  return type.status ? rest : { ...rest, status }
}
