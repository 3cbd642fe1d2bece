import type { KubeObject } from '@pod-eip/kube'
import { conflict, forbidden, notFound, otherUid } from './api-error.ts'
import { copy } from './json.ts'
import type { Operations } from './operations.ts'
import type { ResourceType } from './resource-type.ts'

export interface DeleteOptions {
  /** Only the object with this uid; 409 Conflict for another. */
  uid?: string
  /** Only in this version. */
  resourceVersion?: string
  gracePeriodSeconds?: number
  /** What becomes of those that it owns. Default Background. */
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  dryRun?: boolean
}

export interface DeleteResult {
  /** Its state after the request; its last one when removed. */
  object: KubeObject
  removed: boolean
}

/** Finalizers that the garbage collector takes off once it has done what they stand for. */
export const collectorFinalizers = { Foreground: 'foregroundDeletion', Orphan: 'orphan' } as const

/** Asks for an object's removal. Safe to repeat while it is still there. */
export function deleteObject(
  { core }: Operations,
  type: ResourceType,
  namespace: string | null,
  name: string,
  options: DeleteOptions,
): DeleteResult {
  const before = core.find(type, namespace, name)
  if (!before) throw notFound(type, name)
  const refusal = type.rules.refuseDelete?.(name)
  if (refusal) throw forbidden(type, name, refusal)
  checkPreconditions(type, before, options)
  const next = markedForDeletion(core.timestamp, type, before, options)
  const removed = mayGo(type, next)
  if (options.dryRun) return { object: next, removed }
  if (removed)
    return {
      object: { ...next, metadata: { ...next.metadata, ...versionOf(core.remove(type, before)) } },
      removed,
    }
  if (
    next.metadata.deletionTimestamp === before.metadata.deletionTimestamp &&
    !hasNewFinalizers(next, before)
  ) {
    return { object: before, removed }
  }
  return { object: core.save(type, next), removed }
}

/** Whether nothing keeps an object that is marked for deletion. */
export function mayGo(type: ResourceType, { metadata, spec }: KubeObject): boolean {
  if (metadata.finalizers?.length) return false
  if ((metadata.deletionGracePeriodSeconds ?? 0) > 0) return false
  return !(type.kind === 'Namespace' && spec?.finalizers?.length)
}

function checkPreconditions(
  type: ResourceType,
  { metadata }: KubeObject,
  { uid, resourceVersion }: DeleteOptions,
) {
  if (uid && uid !== metadata.uid) throw otherUid(type, metadata, uid)
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`
    throw conflict(type, metadata.name, why)
  }
}

function markedForDeletion(
  timestamp: (offsetSeconds: number) => string,
  type: ResourceType,
  before: KubeObject,
  options: DeleteOptions,
): KubeObject {
  const next = copy(before)
  const { metadata } = next
  const grace = type.rules.gracePeriod?.(before, options.gracePeriodSeconds) ?? 0
  // A second request can shorten the grace, never lengthen it.
  if (!metadata.deletionTimestamp || grace < (metadata.deletionGracePeriodSeconds ?? 0)) {
    const isFirst = !metadata.deletionTimestamp
    if (isFirst && metadata.generation) metadata.generation += 1
    metadata.deletionTimestamp = timestamp(grace)
    metadata.deletionGracePeriodSeconds = grace
    const { finalizersOnDelete } = type.rules
    if (isFirst && finalizersOnDelete) {
      metadata.finalizers = [...new Set([...(metadata.finalizers ?? []), ...finalizersOnDelete])]
    }
  }
  const policy = options.propagationPolicy
  if (policy === 'Foreground' || policy === 'Orphan') {
    const others = (metadata.finalizers ?? []).filter(
      (f) => !Object.values<string>(collectorFinalizers).includes(f),
    )
    metadata.finalizers = [...others, collectorFinalizers[policy]]
  }
  if (type.kind === 'Namespace') {
    next.status = { ...next.status, phase: 'Terminating' }
    delete metadata.deletionGracePeriodSeconds
  }
  return next
}

/** The version alone, to be put into another state of the object. */
export function versionOf({ metadata }: KubeObject): { resourceVersion: string } {
  return { resourceVersion: metadata.resourceVersion ?? '' }
}

function hasNewFinalizers(next: KubeObject, before: KubeObject): boolean {
  return String(next.metadata.finalizers ?? []) !== String(before.metadata.finalizers ?? [])
}
