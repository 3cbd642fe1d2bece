import type { AnyObject, Condition, ObjectMeta, OwnerReference, Pod } from './objects.ts'
import { parseTimestamp } from './time.ts'

/** The condition of that type, if the object has it. */
export function condition(conditions: Condition[] | undefined, type: string): Condition | undefined {
  return conditions?.find((c) => c.type === type)
}

/**
 * The list with `next` in the place of the condition of its type. `lastTransitionTime` moves only when
 * the condition's status changes.
 */
export function withCondition(conditions: Condition[] | undefined, next: Condition, at: string): Condition[] {
  const list = conditions ?? []
  const before = condition(list, next.type)
  const lastTransitionTime = before?.status === next.status ? (before.lastTransitionTime ?? at) : at
  const full = { ...next, lastTransitionTime }
  return before ? list.map((c) => (c === before ? full : c)) : [...list, full]
}

/** Whether its containers have ended for good. */
export function isTerminal(pod: Pod): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
}

/** Whether somebody has asked for its deletion. */
export function isTerminating(object: { metadata: ObjectMeta }): boolean {
  return object.metadata.deletionTimestamp != null
}

/** Whether the Ready condition is True. */
export function isReady(pod: Pod): boolean {
  return condition(pod.status?.conditions, 'Ready')?.status === 'True'
}

/** Whether it is Running and Ready. */
export function isRunningAndReady(pod: Pod): boolean {
  return pod.status?.phase === 'Running' && isReady(pod)
}

/** When a Pod has been Ready for `minReadySeconds`: ms since the epoch, `null` while it is not Ready. */
export function availableAt(pod: Pod, minReadySeconds: number): number | null {
  if (!isReady(pod)) return null
  const since = parseTimestamp(condition(pod.status?.conditions, 'Ready')?.lastTransitionTime)
  return (since ?? 0) + minReadySeconds * 1000
}

/** Whether a Pod has been Ready for at least `minReadySeconds`. */
export function isAvailable(pod: Pod, minReadySeconds: number, now: number): boolean {
  const at = availableAt(pod, minReadySeconds)
  return at !== null && (minReadySeconds === 0 || at <= now)
}

/** The reference to the object that manages this one. */
export function controllerRef(object: { metadata: ObjectMeta }): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((ref) => ref.controller === true)
}

/** A controller reference to `owner`. */
export function controllerRefTo(
  owner: { metadata: ObjectMeta },
  kind: string,
  apiVersion = 'apps/v1',
): OwnerReference {
  return {
    apiVersion,
    kind,
    name: owner.metadata.name,
    uid: owner.metadata.uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  }
}

/** `namespace/name`, or the name of an object without namespace. */
export function objectKey(object: { metadata: ObjectMeta } | AnyObject): string {
  const { namespace, name } = object.metadata
  return namespace ? `${namespace}/${name}` : name
}
