import type { KubeObject } from '@pod-eip/kube'
import {
  ApiError,
  alreadyExists,
  badRequest,
  type Cause,
  cause,
  forbidden,
  internalError,
  invalid,
  notFound,
} from './api-error.ts'
import { dropEmpty } from './drop-empty.ts'
import { goingDefinition } from './garbage/going-definition.ts'
import { copy, isObject } from './json.ts'
import { generateName, metadataCauses } from './names.ts'
import { inVersion, type Operations, updater, type WriteOptions } from './operations.ts'
import { fieldsOf } from './ownership/field-set.ts'
import { groupFieldsOf } from './ownership/group-fields.ts'
import { toManagedFields, type Writer } from './ownership/managed-fields.ts'
import { apiVersionOf } from './registry.ts'
import type { ResourceRef, ResourceType } from './resource-type.ts'
import { brokenRules } from './schema/cel-rules.ts'
import { conform } from './schema/conform.ts'

/** Creates an object. @throws ApiError 409 AlreadyExists, 422 Invalid, 404 without its namespace */
export function createObject(
  operations: Operations,
  type: ResourceType,
  object: KubeObject,
  options: WriteOptions & { writer?: Writer },
): KubeObject {
  const { core } = operations
  if (goingDefinition(operations, type)) {
    const why = 'create not allowed while custom resource definition is terminating'
    throw new ApiError(405, 'MethodNotAllowed', why)
  }
  const draft = readObject(type, object)
  const { metadata } = draft
  // Whoever applies means the state that there is; a dry run does not come so far.
  if (!options.writer && !options.dryRun && Number(metadata.resourceVersion) > 0) {
    throw internalError('resourceVersion should not be set on objects to be created')
  }
  if (!metadata.name && metadata.generateName) metadata.name = generateName(metadata.generateName, core.ids)
  admitToNamespace(operations, type, draft)
  for (const field of ['resourceVersion', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const) {
    delete metadata[field]
  }
  if (type.status && !type.rules.keepsStatusOnCreate) delete draft.status
  metadata.uid = core.ids.next()
  metadata.creationTimestamp = core.timestamp()
  if (type.generation) metadata.generation = 1
  else delete metadata.generation
  type.rules.setDefaults?.(draft)
  // What the server adds on its own account is nobody's.
  const fields = options.writer
    ? fieldsOf(object, type.schema)
    : fieldsOf(draft, type.schema).union(groupFieldsOf(draft, type.schema, type.custom))
  type.rules.prepareCreate?.(draft)
  admit(operations, type, draft)
  dropEmpty(metadata)
  const wrong = causesOfDraft(type, draft, null, options)
  wrong.push(...(type.rules.validateCreate?.(draft) ?? []))
  if (wrong.length > 0) throw invalid(type, metadata.name ?? '', wrong)
  if (core.find(type, metadata.namespace, metadata.name)) throw alreadyExists(type, metadata.name)
  const writer = options.writer ?? updater(type, options)
  metadata.managedFields = toManagedFields([{ ...writer, time: core.timestamp(), fields }])
  return inVersion(type, options.dryRun ? draft : core.save(type, draft))
}

/** A copy to work on, with this resource's apiVersion and kind. @throws ApiError 400 for another kind */
export function readObject(type: ResourceType, object: KubeObject): KubeObject {
  const apiVersion = apiVersionOf(type)
  if (!isObject(object) || (object.metadata !== undefined && !isObject(object.metadata))) {
    throw badRequest(`the body is not a ${type.kind}: an object with metadata is expected`)
  }
  if ((object.kind ?? type.kind) !== type.kind || (object.apiVersion ?? apiVersion) !== apiVersion) {
    throw badRequest(
      `${object.kind} in version "${type.version}" cannot be handled as a ${type.kind}: the path is that of ${apiVersion} ${type.kind}`,
    )
  }
  const draft = copy({ ...object, apiVersion, kind: type.kind, metadata: object.metadata ?? { name: '' } })
  if (!type.namespaced) delete draft.metadata.namespace
  return draft
}

/**
 * Fills in defaults and prunes; returns what the schema finds wrong.
 *
 * @throws ApiError 400 for unknown fields when they are to be refused, and for mistyped built-in ones
 */
function complete(type: ResourceType, draft: KubeObject, options: WriteOptions): Cause[] {
  type.rules.setDefaults?.(draft)
  const strict = options.fieldValidation === 'Strict'
  const { causes, unknown } = conform(draft, type.schema)
  if (strict && unknown.length > 0) {
    const fields = unknown.map((field) => `unknown field "${field}"`).join(', ')
    throw unreadable(type, `strict decoding error: ${fields}`)
  }
  for (const field of unknown) options.warn?.(`unknown field "${field}"`)
  // What is built in is read into types before it is looked at; custom resources are only validated.
  const mistyped = type.custom ? undefined : causes.find(({ reason }) => reason === 'FieldValueTypeInvalid')
  if (mistyped) throw unreadable(type, `${mistyped.field}: ${mistyped.message}`)
  return causes
}

function unreadable({ kind, version }: ResourceType, why: string): ApiError {
  return badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${why}`)
}

/**
 * Completes a draft and tells what is wrong with it; rules in CEL are asked when nothing else is.
 * @param before what the object was; `null` when it is new
 */
export function causesOfDraft(
  type: ResourceType,
  draft: KubeObject,
  before: KubeObject | null,
  options: WriteOptions & { subresource?: string },
): Cause[] {
  const wrong = [...complete(type, draft, options), ...metadataCauses(type, draft)]
  // A status can still be written where a rule came later than the object.
  if (options.subresource !== 'status') wrong.push(...(type.rules.validate?.(draft) ?? []))
  return wrong.length === 0 && type.custom ? brokenRules(draft, before, type.schema) : wrong
}

/** @throws ApiError 403 */
function admit({ core, registry }: Operations, type: ResourceType, draft: KubeObject): void {
  const { name = '', namespace } = draft.metadata
  const has = (resource: ResourceRef, wanted: string) =>
    core.find(registry.find(resource), namespace, wanted) !== undefined
  const why = type.rules.refuseCreate?.(draft, has)
  if (why) throw forbidden(type, name, why)
}

function admitToNamespace(
  { core, registry }: Operations,
  type: ResourceType,
  { metadata }: KubeObject,
): void {
  if (!type.namespaced) return
  if (!metadata.namespace) throw invalid(type, metadata.name, [cause.required('metadata.namespace')])
  const namespaces = registry.find({ group: '', version: 'v1', plural: 'namespaces' })
  const namespace = core.find(namespaces, null, metadata.namespace)
  if (!namespace) throw notFound(namespaces, metadata.namespace)
  if (namespace.metadata.deletionTimestamp) {
    const why = `unable to create new content in namespace ${metadata.namespace} because it is being terminated`
    throw forbidden(type, metadata.name, why)
  }
}
