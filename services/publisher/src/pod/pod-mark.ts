import { type AnnotationNames, type Claim, describeClaim, livePod } from '@pod-eip/domain'
import type { PodCondition, SeenPod } from './seen-pod.ts'

/** What a Pod is told of its EIP. */
export interface PodMark {
  podUid: string
  /** `null` while none is bound to it. */
  eip: { id: string; publicIp: string } | null
  /** Why, for the readiness gate's condition. */
  reason: string
  message: string
  /** ISO 8601: since when `eip` is there or not. */
  since: string
}

/** What the claim's live Pod is to be told; `null` when no Pod lives. */
export function wantedMark(claim: Claim): PodMark | null {
  const pod = livePod(claim)
  if (!pod) return null
  const { conditions } = describeClaim(claim).status
  const { reason, message, lastTransitionTime } = conditions.find((c) => c.type === 'Ready')!
  const bound = claim.phase === 'Bound' && claim.binding?.podUid === pod.uid && claim.address !== null
  return { podUid: pod.uid, eip: bound ? claim.address : null, reason, message, since: lastTransitionTime }
}

/** The writes that a Pod needs; absent parts are as they should be. */
export interface PodWrites {
  /** Values to set, `null` to remove. */
  annotations?: Record<string, string | null>
  condition?: PodCondition
}

/**
 * Compares a Pod with what it is to be told. The condition is written only to Pods that wait for it (a
 * readiness gate of that name).
 */
export function podWrites(pod: SeenPod, mark: PodMark, names: AnnotationNames): PodWrites {
  const annotations = annotationWrites(pod, mark, names)
  const condition = conditionWrite(pod, mark, names.readinessGate)
  return { ...(annotations && { annotations }), ...(condition && { condition }) }
}

/** Both when one of them is wrong: who applies a field is its owner only for as long as he names it. */
function annotationWrites(
  pod: SeenPod,
  { eip }: PodMark,
  names: AnnotationNames,
): Record<string, string | null> | null {
  const wanted = { publicIp: eip?.publicIp ?? null, eipId: eip?.id ?? null }
  if (pod.publicIp === wanted.publicIp && pod.eipId === wanted.eipId) return null
  return { [names.publicIp]: wanted.publicIp, [names.eipId]: wanted.eipId }
}

function conditionWrite(pod: SeenPod, mark: PodMark, type: string): PodCondition | null {
  if (!pod.gated) return null
  const status = mark.eip ? 'True' : 'False'
  const { reason, message, since } = mark
  const has = pod.condition
  if (has?.status === status && has.reason === reason && has.message === message) return null
  return { type, status, reason, message, lastTransitionTime: since }
}
