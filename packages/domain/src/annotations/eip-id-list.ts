import type { Parsed } from './eip-attributes.ts'
import { maxAnnotationLength } from './pod-request.ts'
import { quote } from './quote.ts'

/** More EIPs in one list than anybody needs: each EIPClaim shows the list that it was made from. */
export const mostListedIds = 200

const example = 'write it like "eip-0a1b2c3d,eip-4e5f6a7b"'

/** Reads `eip-id-list`: ids of EIPs, separated by commas. The refusal is one sentence. */
export function parseEipIdList(annotation: string): Parsed<string[]> {
  if (annotation.length > maxAnnotationLength) {
    return refused(`is longer than ${maxAnnotationLength} characters; shorten it`)
  }
  const places = placesOf(annotation)
  const ids = places.filter((id) => id !== '')
  if (ids.length === 0) return refused(`names no EIP (${quote(annotation)}); ${example}`)
  if (ids.length > mostListedIds) {
    return refused(`names ${ids.length} EIPs; name at most ${mostListedIds}`)
  }
  // Left out in silence, it would give every later Pod the EIP of the next one.
  const empty = places.indexOf('')
  if (empty !== -1)
    return refused(`names nothing at place ${empty + 1}; name an EIP there or take a comma away`)
  const wrong = ids.find((id) => !isEipId(id))
  if (wrong !== undefined) return refused(`has ${quote(wrong)}, which is no id of an EIP; ${example}`)
  const twice = ids.find((id) => ids.indexOf(id) !== ids.lastIndexOf(id))
  if (twice !== undefined) return refused(`names ${twice} twice; name each EIP once`)
  return { ok: true, value: ids }
}

/** Ids that a list names, where they are ids, whether or not it can be accepted as a whole. */
export function idsNamedIn(annotation: string): string[] {
  return [...new Set(placesOf(annotation.slice(0, maxAnnotationLength)))]
    .filter(isEipId)
    .slice(0, mostListedIds)
}

/** Controllers that end their Pods' names in random characters, which can all be digits. */
const randomNames = new Set(['ReplicaSet', 'ReplicationController', 'DaemonSet', 'Job', 'CloneSet'])

/**
 * The number at the end of a Pod's name, which chooses its entry of the list: 0 is the first. `null` where the
 * name has none, or a controller made it up.
 */
export function numberOfPod(podName: string, controllerKind: string | null): number | null {
  if (controllerKind !== null && randomNames.has(controllerKind)) return null
  const digits = /-(\d+)$/.exec(podName)?.[1]
  return digits === undefined ? null : Math.min(Number(digits), Number.MAX_SAFE_INTEGER)
}

/** What stands between the commas; one at the very end is nothing. */
function placesOf(annotation: string): string[] {
  return annotation
    .replace(/,\s*$/, '')
    .split(',')
    .map((id) => id.trim())
}

/** What an id of an EIP looks like. */
export const eipIdPattern = /^eip-[0-9a-z]{1,60}$/

function isEipId(id: string): boolean {
  return eipIdPattern.test(id)
}

function refused(rest: string): { ok: false; message: string } {
  return { ok: false, message: `annotation eip-id-list ${rest}.` }
}
