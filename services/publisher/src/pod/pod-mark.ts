import { type AnnotationNames, type Claim, describeClaim, livePod } from '@pod-eip/domain'
import type { KubeObject } from '@pod-eip/kube'

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

/** Whether a Pod of this claim can carry marks of an earlier binding: only a binding ever marks one. */
export function mayBeMarked(claim: Claim): boolean {
  return claim.lastPrivateIp !== ''
}

/** The writes that a Pod needs; absent parts are as they should be. */
export interface PodWrites {
  /** Values to set, `null` to remove. */
  annotations?: Record<string, string | null>
  condition?: PodCondition
}

export interface PodCondition {
  type: string
  status: 'True' | 'False'
  reason: string
  message: string
  lastTransitionTime: string
}

/**
 * Compares a Pod with what it is to be told. The condition is written only to Pods that wait for it (a
 * readiness gate of that name).
 */
export function podWrites(pod: KubeObject, mark: PodMark, names: AnnotationNames): PodWrites {
  const annotations = annotationWrites(pod.metadata.annotations ?? {}, mark, names)
  const condition = conditionWrite(pod, mark, names.readinessGate)
  return { ...(annotations && { annotations }), ...(condition && { condition }) }
}

function annotationWrites(
  has: Record<string, string>,
  { eip }: PodMark,
  names: AnnotationNames,
): Record<string, string | null> | null {
  const wanted = { [names.publicIp]: eip?.publicIp ?? null, [names.eipId]: eip?.id ?? null }
  const wrong = Object.entries(wanted).filter(([name, value]) => (has[name] ?? null) !== value)
  return wrong.length > 0 ? Object.fromEntries(wrong) : null
}

function conditionWrite(pod: KubeObject, mark: PodMark, type: string): PodCondition | null {
  const gates: { conditionType?: string }[] = pod.spec?.readinessGates ?? []
  if (!gates.some((gate) => gate.conditionType === type)) return null
  const conditions: Partial<PodCondition>[] = pod.status?.conditions ?? []
  const has = conditions.find((condition) => condition.type === type)
  const status = mark.eip ? 'True' : 'False'
  if (has?.status === status && has.reason === mark.reason && has.message === mark.message) return null
  const { reason, message, since } = mark
  return { type, status, reason, message, lastTransitionTime: since }
}
