import type { EventData } from '../events/event.ts'
import type { Node } from './node.ts'
import { foreignEips } from './slots.ts'

/** Why a claim waits for a slot, as the log keeps it. */
export type SlotWait = Pick<EventData['SlotAwaited'], 'node' | 'reason' | 'slots'>

/** Why the node has no slot for a claim now. */
export function slotWait(node: Node): SlotWait {
  if (node.limit === null) return { node: node.name, reason: 'NodeUnknown', slots: null }
  const foreign = foreignEips(node).map(({ addressId }) => addressId)
  const refused = node.refusal !== null
  return { node: node.name, reason: 'NodeQuotaExhausted', slots: { limit: node.limit, foreign, refused } }
}

/** Why a claim stands in a node's queue, and what helps. */
export function slotSentence({ node, reason, slots }: SlotWait): string {
  if (reason === 'NodeUnknown' || !slots) {
    return `Node ${node} has not been seen with a CPU count yet, so its EIP limit is not known; the claim goes on once the Node shows it.`
  }
  const eips = slots.limit === 1 ? '1 EIP' : `${slots.limit} EIPs`
  const refused = slots.refused
    ? ', and Tencent Cloud let no more onto it (LimitExceeded.InstanceAddressQuota)'
    : ''
  return `Node ${node} has no free EIP slot: its CVM may have ${eips} beside its own public address${others(slots.foreign)}${refused}; the claim goes on when one is freed, or move the Pod to another node.`
}

function others(foreign: string[]): string {
  if (foreign.length === 0) return ''
  const verb = foreign.length === 1 ? 'is' : 'are'
  return `, of which ${foreign.join(' and ')} ${verb} bound there by somebody else`
}
