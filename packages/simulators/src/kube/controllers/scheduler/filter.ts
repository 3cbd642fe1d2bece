import { quantity } from '../../resources/quantity.ts'
import type { Node, NodeSelectorTerm, Pod, Taint, Toleration } from '../shared/objects.ts'
import { podRequests } from '../shared/pod-requests.ts'

/** Why a Node cannot take a Pod, in the scheduler's words. */
export interface Refusal {
  reasons: string[]
  /** Whether the Node could take it if other Pods went away. */
  resolvable: boolean
}

/** A Node with the Pods that take up room on it. */
export interface NodeRoom {
  node: Node
  pods: Pod[]
}

/** Why `room` cannot take `pod`; `null` when it can. The first filter that refuses names the reasons. */
export function refusal(pod: Pod, room: NodeRoom): Refusal | null {
  const { node } = room
  const hard = (...reasons: string[]): Refusal => ({ reasons, resolvable: false })
  if (node.spec?.unschedulable && !tolerates(pod.spec.tolerations, unschedulableTaint)) {
    return hard('node(s) were unschedulable')
  }
  const taint = node.spec?.taints?.find(
    (t) => t.effect !== 'PreferNoSchedule' && !tolerates(pod.spec.tolerations, t),
  )
  if (taint) return hard('node(s) had untolerated taint(s)')
  if (!matchesNode(pod, node)) return hard("node(s) didn't match Pod's node affinity/selector")
  return resourceRefusal(pod, room)
}

function resourceRefusal(pod: Pod, room: NodeRoom): Refusal | null {
  const used = usedResources(room.pods)
  const reasons: string[] = []
  let resolvable = true
  for (const [name, asked] of podRequests(pod)) {
    if (asked <= 0) continue
    const allocatable = quantity(room.node.status?.allocatable?.[name])
    // Sums of tenths of CPUs are not exact in binary: what differs by less than a nano fits.
    if ((used.get(name) ?? 0) + asked <= allocatable + 1e-9) continue
    reasons.push(name === 'pods' ? 'Too many pods' : `Insufficient ${name}`)
    if (asked > allocatable) resolvable = false
  }
  return reasons.length > 0 ? { reasons, resolvable } : null
}

/** What the Pods ask for, summed. */
export function usedResources(pods: Pod[]): Map<string, number> {
  const used = new Map<string, number>()
  for (const pod of pods) {
    for (const [name, asked] of podRequests(pod)) used.set(name, (used.get(name) ?? 0) + asked)
  }
  return used
}

const unschedulableTaint: Taint = { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }

/** Whether one of the tolerations accepts the taint. */
export function tolerates(tolerations: Toleration[] | undefined, taint: Taint): boolean {
  return (tolerations ?? []).some((toleration) => toleratesTaint(toleration, taint))
}

/** Whether this toleration accepts the taint: by effect, key and value, each of which may be left open. */
export function toleratesTaint(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false
  if (toleration.key && toleration.key !== taint.key) return false
  if (toleration.operator === 'Exists') return true
  return Boolean(toleration.key) && (toleration.value ?? '') === (taint.value ?? '')
}

/** Whether the Pod's selector and affinity let it run there. */
export function matchesNode(pod: Pod, node: Node): boolean {
  const labels = node.metadata.labels ?? {}
  const selector = Object.entries(pod.spec.nodeSelector ?? {})
  if (!selector.every(([key, value]) => labels[key] === value)) return false
  const required = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return !required || required.nodeSelectorTerms.some((term) => matchesTerm(term, labels))
}

function matchesTerm(term: NodeSelectorTerm, labels: Record<string, string>): boolean {
  const expressions = term.matchExpressions ?? []
  return (
    expressions.length > 0 &&
    expressions.every(({ key, operator, values = [] }) => {
      const value = labels[key]
      switch (operator) {
        case 'In':
          return value !== undefined && values.includes(value)
        case 'NotIn':
          return value === undefined || !values.includes(value)
        case 'Exists':
          return value !== undefined
        case 'DoesNotExist':
          return value === undefined
        case 'Gt':
          return Number(value) > Number(values[0])
        case 'Lt':
          return Number(value) < Number(values[0])
        default:
          return false
      }
    })
  )
}
