import type { KubeObject } from '@pod-eip/kube'
import { cleanUpFinalizer } from '../../resources/custom/custom-resource-definitions.ts'
import { deleteObject } from '../delete.ts'
import { copy } from '../json.ts'
import { byServer, type Operations } from '../operations.ts'
import type { ResourceType } from '../resource-type.ts'
import { replaceObject } from '../update.ts'
import { definitionsRef, goingDefinition } from './going-definition.ts'

/** Serves what a CustomResourceDefinition says; when it is deleted, deletes its objects first. */
export function settleDefinition(
  operations: Operations,
  type: ResourceType,
  before: KubeObject | null,
  after: KubeObject | null,
): void {
  const { core, registry } = operations
  registry.setDefinitions(core.rows(type))
  if (!after || core.find(type, null, after.metadata.name) !== after) return
  if (after.metadata.deletionTimestamp) {
    emptyDefinition(operations, type, after)
    return
  }
  if (before?.metadata.generation === after.metadata.generation) return
  replaceObject(
    operations,
    type,
    after,
    { ...after, status: statusOf(after, core.timestamp()) } as KubeObject,
    { ...byServer, subresource: 'status' },
  )
  registry.setDefinitions(core.rows(type))
}

/** Lets a definition that is being deleted go once none of its objects is left. */
export function finishDefinition(operations: Operations, type: ResourceType): void {
  const definition = goingDefinition(operations, type)
  if (definition) emptyDefinition(operations, operations.registry.find(definitionsRef), definition)
}

function emptyDefinition(operations: Operations, type: ResourceType, definition: KubeObject): void {
  const { core, registry } = operations
  const own = registry.ofTable(`${definition.spec.names.plural}.${definition.spec.group}`)
  for (const { metadata } of own ? core.rows(own) : []) {
    if (!metadata.deletionTimestamp)
      deleteObject(operations, own!, metadata.namespace ?? null, metadata.name, {})
  }
  if (own && core.rows(own).length > 0) return
  const draft = copy(definition)
  draft.metadata.finalizers = draft.metadata.finalizers?.filter((f) => f !== cleanUpFinalizer) ?? []
  replaceObject(operations, type, definition, draft, byServer)
  registry.setDefinitions(core.rows(type))
}

function statusOf({ spec, status }: KubeObject, at: string): unknown {
  const stored = spec.versions.find((version: { storage: boolean }) => version.storage)?.name
  const condition = (type: string, reason: string, message: string) => ({
    lastTransitionTime:
      status?.conditions?.find((c: { type: string }) => c.type === type)?.lastTransitionTime ?? at,
    message,
    reason,
    status: 'True',
    type,
  })
  return {
    acceptedNames: spec.names,
    conditions: [
      condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
      condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
    ],
    storedVersions: [...new Set([...(status?.storedVersions ?? []), stored])],
  }
}
