import type { ForeignAddress } from '../events/cloud-events.ts'

/** A node's EIP slots: who has one, and who waits, first come first served. Plain JSON. */
export interface Node {
  name: string
  uid: string
  resourceVersion: string
  instanceId: string | null
  /** The CVM's own private address; a public address there is the CVM's own. */
  internalIp: string | null
  /** EIPs that the CVM may have beside its own public address; `null` until the Node's CPU count is known. */
  limit: number | null
  removed: boolean
  /** Claims that hold a slot. */
  holders: SlotHolder[]
  /** Claims that wait for a slot, the first to be served first. */
  waiting: SlotWaiter[]
  /** EIPs on the CVM that others bound there, its own public address included. */
  foreign: ForeignAddress[]
  /** When the cloud last said which these are, ISO 8601; empty = never for this CVM. */
  countedAt: string
  /** The cloud let no more EIPs onto the CVM than this, whatever the CPU count says. */
  refusal: SlotRefusal | null
  /** Position of the last event that changed it. */
  position: number
}

/**
 * Claims that what is seen of the Node may concern: those that wait for a slot, and those whose slot is one of a CVM
 * that the Node is no longer.
 */
export function claimsConcerned(node: Node): string[] {
  const left = node.holders.filter((holder) => isOnFormerCvm(holder, node))
  return [...node.waiting, ...left].map(({ claim }) => claim)
}

/** Whether the slot is one of a CVM that the Node was: another machine has taken its name. */
export function isOnFormerCvm(holder: SlotHolder, { instanceId }: Node): boolean {
  return holder.instanceId !== null && instanceId !== null && holder.instanceId !== instanceId
}

export interface SlotHolder {
  claim: string
  /** The binding that took the slot. */
  bindingId: string
  /** The CVM that it was decided for: a Node can come back as another one. */
  instanceId: string | null
  /** Position of the event with which the claim came for the slot: its place in the queue. */
  since: number
}

export interface SlotWaiter {
  claim: string
  /** As {@link SlotHolder.since}. */
  since: number
}

/** What the cloud's own word taught about a CVM. */
export interface SlotRefusal {
  /** So many EIPs of ours were on it when it took no more; raised by one to try again. */
  limit: number
  /** Refusals since the last success. */
  times: number
  /** Of the last of them, ISO 8601. */
  at: string
  /** `limit` was raised since: one more is being tried. */
  raised: boolean
}

/** A node of which nothing is known yet. */
export function emptyNode(name: string): Node {
  return {
    name,
    uid: '',
    resourceVersion: '0',
    instanceId: null,
    internalIp: null,
    limit: null,
    removed: false,
    holders: [],
    waiting: [],
    foreign: [],
    countedAt: '',
    refusal: null,
    position: 0,
  }
}
