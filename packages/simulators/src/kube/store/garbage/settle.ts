import type { KubeObject } from '@pod-eip/kube'
import { createObject } from '../create.ts'
import { collectorFinalizers, deleteObject } from '../delete.ts'
import type { Change } from '../history.ts'
import { copy } from '../json.ts'
import { byServer, type Operations } from '../operations.ts'
import type { ResourceType } from '../resource-type.ts'
import { replaceObject } from '../update.ts'
import { finishDefinition, settleDefinition } from './settle-definition.ts'

const namespacesRef = { group: '', version: 'v1', plural: 'namespaces' }

/**
 * Draws the consequences of every change since the last call, until there are none: dependents of what has
 * gone are collected, namespaces being deleted are emptied, definitions served. What Kubernetes'
 * controllers do a moment later is done here before the request is answered.
 */
export function settle(operations: Operations): void {
  for (let change = operations.core.takeChange(); change; change = operations.core.takeChange()) {
    const type = operations.registry.ofTable(change.table)
    if (type) settleChange(operations, type, change)
  }
}

function settleChange(operations: Operations, type: ResourceType, { before, after }: Change): void {
  const { core } = operations
  if (type.plural === 'customresourcedefinitions') settleDefinition(operations, type, before, after)
  const object = after ?? before
  if (!object) return
  // A later change of the same object speaks for this one.
  const current = core.find(type, object.metadata.namespace, object.metadata.name)
  if (after && current !== after) return
  if (type.kind === 'Namespace' && after) settleNamespace(operations, type, after, before === null)
  if (after) collectOrphan(operations, type, after)
  if (after?.metadata.deletionTimestamp) settleFinalizers(operations, type, after)
  if (!after) settleRemoval(operations, type, object)
}

function settleNamespace(
  operations: Operations,
  type: ResourceType,
  namespace: KubeObject,
  isNew: boolean,
): void {
  const { core, registry } = operations
  const { name } = namespace.metadata
  if (isNew) {
    const accounts = registry.find({ group: '', version: 'v1', plural: 'serviceaccounts' })
    createObject(operations, accounts, { metadata: { name: 'default', namespace: name } }, byServer)
  }
  if (!namespace.metadata.deletionTimestamp) return
  const tables = registry.tables().filter(({ namespaced }) => namespaced)
  for (const table of tables) {
    for (const { metadata } of core.rows(table, name)) {
      if (!metadata.deletionTimestamp) deleteObject(operations, table, name, metadata.name, {})
    }
  }
  finishNamespace(operations, type, name)
}

/** Lets a namespace that is being deleted go once nothing is left in it. */
function finishNamespace(operations: Operations, type: ResourceType, name: string): void {
  const { core, registry } = operations
  const namespace = core.find(type, null, name)
  if (!namespace?.metadata.deletionTimestamp || !namespace.spec?.finalizers?.length) return
  if (registry.tables().some((table) => table.namespaced && core.rows(table, name).length > 0)) return
  const draft = copy(namespace)
  draft.spec.finalizers = []
  replaceObject(operations, type, namespace, draft, byServer)
}

/** Deletes an object of whose owners none is left; forgets the owners that are gone when some are. */
function collectOrphan(operations: Operations, type: ResourceType, object: KubeObject): void {
  const { core, registry } = operations
  const owners = object.metadata.ownerReferences ?? []
  const present = owners.filter(
    ({ apiVersion, kind, uid }) => core.ofUid(uid) || !registry.ofKind(apiVersion, kind),
  )
  if (present.length === owners.length) return
  if (present.length > 0) {
    const draft = copy(object)
    draft.metadata.ownerReferences = present
    replaceObject(operations, type, object, draft, byServer)
  } else if (!object.metadata.deletionTimestamp) {
    deleteObject(operations, type, object.metadata.namespace ?? null, object.metadata.name, {})
  }
}

/** Does what the collector's own finalizers stand for, and takes them off. */
function settleFinalizers(operations: Operations, type: ResourceType, object: KubeObject): void {
  const { core, registry } = operations
  const { uid = '', finalizers = [] } = object.metadata
  const dependents = core.dependentsOf(uid)
  if (finalizers.includes(collectorFinalizers.Orphan)) {
    for (const { table, object: dependent } of dependents) {
      const draft = copy(dependent)
      draft.metadata.ownerReferences =
        draft.metadata.ownerReferences?.filter((owner) => owner.uid !== uid) ?? []
      replaceObject(operations, registry.ofTable(table)!, dependent, draft, byServer)
    }
    withoutFinalizer(operations, type, object, collectorFinalizers.Orphan)
  } else if (finalizers.includes(collectorFinalizers.Foreground)) {
    for (const { table, object: dependent } of dependents) {
      const { namespace = null, name, deletionTimestamp, uid: own = '' } = dependent.metadata
      if (deletionTimestamp) continue
      const propagationPolicy = core.dependentsOf(own).length > 0 ? 'Foreground' : 'Background'
      deleteObject(operations, registry.ofTable(table)!, namespace, name, { propagationPolicy })
    }
    const blocks = ({ object: left }: { object: KubeObject }) =>
      left.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion)
    if (!core.dependentsOf(uid).some(blocks)) {
      withoutFinalizer(operations, type, object, collectorFinalizers.Foreground)
    }
  }
}

function withoutFinalizer(
  operations: Operations,
  type: ResourceType,
  object: KubeObject,
  finalizer: string,
): void {
  const draft = copy(object)
  draft.metadata.finalizers = draft.metadata.finalizers?.filter((f) => f !== finalizer) ?? []
  replaceObject(operations, type, object, draft, byServer)
}

function settleRemoval(operations: Operations, type: ResourceType, object: KubeObject): void {
  const { core, registry } = operations
  for (const { table, object: dependent } of core.dependentsOf(object.metadata.uid ?? '')) {
    collectOrphan(operations, registry.ofTable(table)!, dependent)
  }
  for (const { uid } of object.metadata.ownerReferences ?? []) {
    const owner = core.ofUid(uid)
    if (owner?.object.metadata.deletionTimestamp) {
      settleFinalizers(operations, registry.ofTable(owner.table)!, owner.object)
    }
  }
  const { namespace } = object.metadata
  if (namespace) finishNamespace(operations, registry.find(namespacesRef), namespace)
  finishDefinition(operations, type)
}
