import type { AnnotationNames } from '@pod-eip/domain'
import type { KubeObject } from '@pod-eip/kube'

/** What a Pod shows of its EIP. */
export interface SeenMark {
  /** `namespace/name`, the claim's key. */
  key: string
  uid: string
  resourceVersion: string
  publicIp: string | null
  eipId: string | null
}

export function seeMark({ metadata }: KubeObject, names: AnnotationNames): SeenMark {
  return {
    key: `${metadata.namespace}/${metadata.name}`,
    uid: metadata.uid ?? '',
    resourceVersion: metadata.resourceVersion ?? '0',
    publicIp: metadata.annotations?.[names.publicIp] ?? null,
    eipId: metadata.annotations?.[names.eipId] ?? null,
  }
}

/** What a Pod was told, as the API server showed it then. */
export type ToldMark = SeenMark

/** Whether a Pod shows something else than it was told, written since by somebody else. */
export function isForged(seen: SeenMark, told: ToldMark | null): boolean {
  if (told?.uid !== seen.uid) return seen.publicIp !== null || seen.eipId !== null
  if (BigInt(seen.resourceVersion) <= BigInt(told.resourceVersion)) return false
  return seen.publicIp !== told.publicIp || seen.eipId !== told.eipId
}

/** The first correction of a Pod comes at once; the waits for further ones double from here, ms. */
const firstWaitMs = 1_000
const longestWaitMs = 300_000
/** A Pod that was left alone for so long is corrected at once again, ms. */
const peaceMs = 2 * longestWaitMs

export interface Corrections {
  /** How many followed each other. */
  count: number
  /** When the last one was due, epoch ms. */
  at: number
}

/** When to correct a Pod once more: ever later, so that two writers of one annotation do not chase each other. */
export function nextCorrection(before: Corrections | null, now: number): Corrections {
  if (!before || now - before.at > peaceMs) return { count: 1, at: now }
  const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** (before.count - 1))
  return { count: before.count + 1, at: now + wait }
}
