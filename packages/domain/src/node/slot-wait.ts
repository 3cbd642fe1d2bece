import type { SlotHolders } from '../events/decisions.ts'
import type { EventData } from '../events/event.ts'
import { list } from '../status/words.ts'
import type { Node } from './node.ts'
import { foreignEips } from './slots.ts'

/** Why a claim waits for a slot, as the log keeps it. */
export type SlotWait = Pick<EventData['SlotAwaited'], 'node' | 'reason' | 'slots'>

/** So many are named of each kind. */
const mostNamed = 5

/**
 * Why the node has no slot for a claim now.
 * @param told the holders that the claim names: they stay while one of them still has its slot, so that a queue
 * does not tell anew with each slot that changes hands
 */
export function slotWait(node: Node, told: SlotHolders | null = null): SlotWait {
  if (node.limit === null) return { node: node.name, reason: 'NodeUnknown', slots: null }
  const foreign = foreignEips(node).map(({ addressId }) => addressId)
  const refused = node.refusal !== null
  const holds = told?.named.some((claim) => node.holders.some((holder) => holder.claim === claim))
  const heldBy = told && holds ? told : holdersOf(node)
  return {
    node: node.name,
    reason: 'NodeQuotaExhausted',
    slots: { limit: node.limit, heldBy, foreign, refused },
  }
}

/** Whether a claim that says `message` is to be told by an Event as well: not when only the holders are others. */
export function isSlotNews(wait: SlotWait, told: SlotHolders | null, message: string | undefined): boolean {
  if (!wait.slots || !told) return true
  return message !== slotSentence({ ...wait, slots: { ...wait.slots, heldBy: told } })
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
  return `Node ${node} has no free EIP slot: its CVM may have ${eips} beside its own public address${refused}${taken(slots)}; the claim goes on when one is freed, or move the Pod to another node.`
}

function holdersOf({ holders }: Node): SlotHolders {
  return { named: holders.slice(0, mostNamed).map(({ claim }) => claim), total: holders.length }
}

function taken({ heldBy, foreign }: NonNullable<SlotWait['slots']>): string {
  const ours = heldBy.total === 0 ? [] : [`those of ${list(heldBy.named, heldBy.total)}`]
  const others =
    foreign.length === 0
      ? []
      : [
          `${foreign.length} that ${foreign.length === 1 ? 'is' : 'are'} not of pod-eip (${list(foreign.slice(0, mostNamed), foreign.length)})`,
        ]
  const both = [...ours, ...others].join(', and ')
  return both === '' ? '' : `; when this was told it had ${both}`
}
