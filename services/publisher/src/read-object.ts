import { KubeError, type KubeObject } from '@pod-eip/kube'
import { presentable } from '@pod-eip/runtime'

/** Namespace and name of an object are no longer than this together. */
const longestName = 320

/** @throws Error where an API server would have a number */
export function numberOr(value: unknown, absent: number): number {
  if (value === undefined || value === null) return absent
  if (typeof value !== 'number') throw new Error('its number is none')
  return value
}

/** @throws Error where an API server would have a text */
export function textOr<T>(value: unknown, absent: T): string | T {
  if (value === undefined || value === null) return absent
  if (typeof value !== 'string') throw new Error('its text is none')
  return value
}

/**
 * What is kept of an object, where it is one: what an API server never shows is an error that is tried again, and not
 * the end of whoever reads it.
 * @throws KubeError with one sentence
 */
export function readObject<T extends { uid: string; resourceVersion: string }>(
  kind: string,
  object: KubeObject,
  see: (object: KubeObject) => T,
): T {
  try {
    const seen = see(object)
    if (typeof seen.uid !== 'string') throw new Error('its uid is no text')
    if (!/^\d+$/.test(seen.resourceVersion)) throw new Error('its resourceVersion is no whole number')
    return seen
  } catch (error) {
    const { namespace, name }: Record<string, unknown> = Object(Object(object).metadata)
    const shown = [namespace, name].filter((part) => typeof part === 'string' && part !== '').join('/')
    throw new KubeError(
      0,
      'BrokenObject',
      `the API server shows a ${kind} ${presentable(shown.slice(0, longestName)) || 'without a name'} that cannot be read (${presentable(String((error as Error).message).slice(0, 200))}); check what stands between it and pod-eip`,
    )
  }
}
