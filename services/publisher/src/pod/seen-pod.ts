import type { KubeObject } from '@pod-eip/kube'
import { otherWriter } from '../disputes/other-writer.ts'
import type { OwnNames } from '../own-names.ts'
import { readObject, textOr } from '../read-object.ts'

/** What a Pod shows of its EIP. */
export interface SeenPod {
  /** `namespace/name`, the claim's key. */
  key: string
  uid: string
  resourceVersion: string
  /** It asks for an EIP, or shows something of one. */
  ofInterest: boolean
  publicIp: string | null
  eipId: string | null
  /** Its readiness waits for the EIP. */
  gated: boolean
  /** The condition of that gate; `null` while there is none. */
  condition: Pick<PodCondition, 'status' | 'reason' | 'message'> | null
  /** Who else wrote these; empty when nobody did. */
  annotationsBy: string
  conditionBy: string
}

export interface PodCondition {
  type: string
  status: string
  reason: string
  message: string
  /** ISO 8601. */
  lastTransitionTime: string
}

/** Keeps of a Pod what a comparison needs. @throws KubeError */
export function seePod(pod: KubeObject, names: OwnNames): SeenPod {
  return readObject('Pod', pod, (object) => keep(object, names))
}

function keep(pod: KubeObject, names: OwnNames): SeenPod {
  const { metadata } = pod
  const { [names.publicIp]: publicIp = null, [names.eipId]: eipId = null } = metadata.annotations ?? {}
  const gates: { conditionType?: string }[] = pod.spec?.readinessGates ?? []
  const conditions: Partial<PodCondition>[] = pod.status?.conditions ?? []
  const has = conditions.find(({ type }) => type === names.readinessGate)
  const gated = gates.some(({ conditionType }) => conditionType === names.readinessGate)
  const annotations = [names.publicIp, names.eipId].map((name) =>
    otherWriter(pod, names.fieldManager, ['f:metadata', 'f:annotations', `f:${name}`]),
  )
  return {
    ...{ key: `${metadata.namespace}/${metadata.name}`, uid: metadata.uid ?? '' },
    resourceVersion: metadata.resourceVersion ?? '0',
    ...{ publicIp: cut(publicIp, null), eipId: cut(eipId, null) },
    gated,
    ofInterest: gated || has !== undefined || Object.keys(metadata.annotations ?? {}).some(isOfEip(names)),
    condition: has
      ? { status: cut(has.status, ''), reason: cut(has.reason, ''), message: cut(has.message, '') }
      : null,
    annotationsBy: annotations.find((by) => by !== '') ?? '',
    conditionBy: otherWriter(pod, names.fieldManager, [
      ...['f:status', 'f:conditions', `k:${JSON.stringify({ type: names.readinessGate })}`],
    ]),
  }
}

/** Our own words are shorter. Somebody may write 256 KiB there, in each Pod, and all of them are kept in memory. */
const longestKept = 4_096

function cut<T>(text: unknown, absent: T): string | T {
  const whole = textOr(text, absent)
  return typeof whole === 'string' ? whole.slice(0, longestKept) : absent
}

/** Also under the domain that super nodes have (`eks.`). */
function isOfEip({ attributes, idList, publicIp, eipId }: OwnNames): (name: string) => boolean {
  const all = [attributes, idList, publicIp, eipId]
  return (name) => all.some((known) => name === known || name.endsWith(`.${known}`))
}
