import type { KubeObject } from '@pod-eip/kube'
import { badRequest, cause, conflict, invalidOptions, notFound } from './api-error.ts'
import { createObject, readObject } from './create.ts'
import { at, put } from './json.ts'
import { inVersion, type Operations } from './operations.ts'
import { applyConfiguration } from './ownership/apply.ts'
import type { Writer } from './ownership/managed-fields.ts'
import type { ApplyPatch } from './patch.ts'
import { apiVersionOf } from './registry.ts'
import type { ResourceType } from './resource-type.ts'
import { replaceObject } from './update.ts'

/** Server-side apply: creates the object, or makes it say what the configuration says. Idempotent. */
export function applyObject(
  operations: Operations,
  type: ResourceType,
  namespace: string | null,
  name: string,
  patch: ApplyPatch,
): KubeObject {
  const { core } = operations
  if (!patch.fieldManager) {
    throw invalidOptions('PatchOptions', [cause.required('fieldManager', 'is required for apply patch')])
  }
  const configuration = readConfiguration(type, namespace, name, patch)
  const writer: Writer = {
    manager: patch.fieldManager,
    operation: 'Apply',
    apiVersion: apiVersionOf(type),
    ...(patch.subresource ? { subresource: patch.subresource } : {}),
  }
  const before = core.find(type, namespace, name)
  // A status can only be applied to what is there.
  if (!before && patch.subresource) throw notFound(type, name)
  // Who means a certain object does not mean to make one.
  const { uid } = configuration.metadata
  if (!before && uid) throw conflict(type, name, uidMismatch(uid))
  if (!before) return createObject(operations, type, configuration, { ...patch, writer })
  const { object, ownerships } = applyConfiguration(
    inVersion(type, before),
    configuration,
    type.schema,
    writer,
    patch.force ?? false,
    core.timestamp(),
  )
  return inVersion(type, replaceObject(operations, type, before, object, { ...patch, ownerships }))
}

function uidMismatch(uid: string): string {
  return `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`
}

/** What is applied: of the status or of the rest, as the path says. */
function readConfiguration(
  type: ResourceType,
  namespace: string | null,
  name: string,
  { body, subresource }: ApplyPatch,
): KubeObject {
  const draft = readObject(type, body as KubeObject)
  if (Array.isArray(draft.metadata.managedFields)) throw badRequest('metadata.managedFields must be nil')
  draft.metadata.name ||= name
  if (namespace !== null) draft.metadata.namespace ??= namespace
  if (draft.metadata.name !== name || (draft.metadata.namespace ?? null) !== namespace) {
    throw badRequest('metadata.name and metadata.namespace of the body must be those of the path')
  }
  if (subresource === 'status') {
    const { apiVersion, kind, metadata, status } = draft
    const { labels: _labels, annotations: _annotations, ...rest } = metadata
    return readObject(type, {
      apiVersion,
      kind,
      metadata: type.rules.statusWritesMetadata ? metadata : rest,
      status,
    } as KubeObject)
  }
  const part = type.parts?.[subresource ?? '']
  if (part) {
    const { apiVersion, kind, metadata } = draft
    const { labels: _labels, annotations: _annotations, ...rest } = metadata
    const only: KubeObject = { apiVersion: apiVersion!, kind: kind!, metadata: rest }
    put(only, part.path, at(draft, part.path))
    return only
  }
  if (type.status) delete draft.status
  return draft
}
