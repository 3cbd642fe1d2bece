import type { KubeObject } from '@pod-eip/kube'
import { alreadyExists, badRequest, type Cause, cause, forbidden, invalid, notFound } from './api-error.ts'
import { copy, isObject } from './json.ts'
import { generateName, metadataCauses } from './names.ts'
import { inVersion, type Operations, type WriteOptions } from './operations.ts'
import { apiVersionOf } from './registry.ts'
import type { ResourceType } from './resource-type.ts'
import { conform } from './schema/conform.ts'

/** Creates an object. @throws ApiError 409 AlreadyExists, 422 Invalid, 404 without its namespace */
export function createObject(
  operations: Operations,
  type: ResourceType,
  object: KubeObject,
  options: WriteOptions,
): KubeObject {
  const { core } = operations
  const draft = readObject(type, object)
  const { metadata } = draft
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
  type.rules.prepareCreate?.(draft)
  finish(type, draft, options, [])
  if (core.find(type, metadata.namespace, metadata.name)) throw alreadyExists(type, metadata.name)
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
      `${type.kind} in version "${type.version}" cannot be handled as a ${object.kind}: the body says ${object.apiVersion} ${object.kind}, the path ${apiVersion} ${type.kind}`,
    )
  }
  const draft = copy({ ...object, apiVersion, kind: type.kind, metadata: object.metadata ?? { name: '' } })
  if (!type.namespaced) delete draft.metadata.namespace
  return draft
}

/** Defaults, schema and rules. @throws ApiError 422 with every cause */
export function finish(type: ResourceType, draft: KubeObject, options: WriteOptions, causes: Cause[]): void {
  type.rules.setDefaults?.(draft)
  const found = [
    ...metadataCauses(type, draft),
    ...conform(draft, type.schema, options.fieldValidation === 'Strict'),
    ...(type.rules.validate?.(draft) ?? []),
    ...causes,
  ]
  if (found.length > 0) throw invalid(type, draft.metadata.name ?? '', found)
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
