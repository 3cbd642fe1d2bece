import type { EventReason } from './reasons/event-reasons.ts'

/** What pod-eip writes into the cluster, and others may write too. */
export type WrittenPart =
  | 'object'
  | 'spec'
  | 'status'
  | 'finalizer'
  | 'annotations'
  | 'readinessGate'
  | 'capacity'
  | 'definition'

/** What is told about the doings of another hand. */
export interface ForeignStory {
  type: 'Warning'
  reason: Extract<EventReason, 'ChangeUndone' | 'FieldsDisputed' | 'WriteRefused' | 'ShownByOther'>
  /** One sentence: what, why, what to do. */
  message: string
}

interface PartWords {
  /** What the other one did. */
  did: string
  /** What he keeps doing. */
  keeps: string
  /** What became of it. */
  mended: string
  /** What to do instead. */
  todo: string
}

const oneEip = 'the EIP stays where it is'

const words: Record<WrittenPart, PartWords> = {
  object: {
    did: 'removed this EIPClaim with its finalizer',
    keeps: 'removing this EIPClaim with its finalizer',
    mended: `it was made anew and ${oneEip}`,
    todo: 'to give the EIP up, delete the EIPClaim and leave the finalizer to pod-eip',
  },
  spec: {
    did: 'changed the spec or labels of this EIPClaim',
    keeps: 'changing the spec or labels of this EIPClaim',
    mended: "they say again what the Pod's annotations say",
    todo: "change the Pod's annotations instead, and leave EIPClaims out of what is applied",
  },
  status: {
    did: 'changed the status of this EIPClaim',
    keeps: 'changing the status of this EIPClaim',
    mended: 'it says again how the claim stands',
    todo: 'leave it to pod-eip, and give a second pod-eip in this cluster another POD_EIP_ANNOTATION_DOMAIN',
  },
  finalizer: {
    did: 'took the finalizer off this EIPClaim',
    keeps: 'taking the finalizer off this EIPClaim',
    mended: `it was put back and ${oneEip}`,
    todo: 'to give the EIP up, delete the EIPClaim and leave the finalizer to pod-eip',
  },
  annotations: {
    did: "changed this Pod's annotation eip-public-ip or eip-id",
    keeps: "changing this Pod's annotations eip-public-ip and eip-id",
    mended: 'they say again which EIP is bound',
    todo: 'leave them out of the Pod template and of what is applied',
  },
  readinessGate: {
    did: "changed this Pod's condition eip-bound",
    keeps: "changing this Pod's condition eip-bound",
    mended: 'it says again whether the EIP is bound',
    todo: 'leave it to pod-eip',
  },
  capacity: {
    did: 'changed the EIP slots in the capacity of this Node',
    keeps: 'changing the EIP slots in the capacity of this Node',
    mended: 'they were put right',
    todo: "if TKE's own EIP feature or another pod-eip works under the same annotations, turn it off or give pod-eip another POD_EIP_ANNOTATION_DOMAIN",
  },
  definition: {
    did: 'changed this definition of EIPClaims',
    keeps: 'changing this definition of EIPClaims',
    mended: 'it was put right',
    todo: 'leave it to pod-eip, which brings its own with each version',
  },
}

/**
 * What is told of a change by another hand that was put right.
 * @param by as the API server names the writer, such as `kubectl-edit`; empty when that is not known
 */
export function changeUndoneStory(part: WrittenPart, by: string): ForeignStory {
  const { did, mended, todo } = words[part]
  const message = `${who(by)} ${did}; ${mended}: ${todo}.`
  return { type: 'Warning', reason: 'ChangeUndone', message }
}

/** What is told of another writer who does not give in. */
export function disputeStory(part: WrittenPart, by: string): ForeignStory {
  const { keeps, todo } = words[part]
  const message = `${who(by)} keeps ${keeps}, so pod-eip puts it right ever more rarely, in the end once in 5 minutes: ${todo}.`
  return { type: 'Warning', reason: 'FieldsDisputed', message }
}

/** Whose part it is, for a sentence that may stand on another object. */
const partNames: Record<WrittenPart, string> = {
  object: 'the EIPClaim',
  spec: 'the spec and labels of the EIPClaim',
  status: 'the status of the EIPClaim',
  finalizer: 'the end of the EIPClaim and its finalizer',
  annotations: 'the annotations eip-public-ip and eip-id of the Pod',
  readinessGate: 'the condition eip-bound of the Pod',
  capacity: 'the EIP slots in the capacity of the Node',
  definition: 'the definition of EIPClaim',
}

/**
 * What is told while somebody does not let a part be written.
 * @param by such as `ValidatingAdmissionPolicy team-label`
 * @param says why, in his words
 */
export function refusalStory(part: WrittenPart, by: string, says: string): ForeignStory {
  const message = `${by.charAt(0).toUpperCase()}${by.slice(1)} refuses what pod-eip writes, ${partNames[part]}: ${says}; it is tried again, every 30 seconds in the end: let the ServiceAccount of the publisher write it, or do what is asked for.`
  return { type: 'Warning', reason: 'WriteRefused', message }
}

/**
 * What is told of a claim whose name another installation's EIPClaim has.
 * @param key of the claim
 * @param other annotation domain of that installation
 * @param domain our own
 */
export function shownByOtherStory(key: string, other: string, domain: string): ForeignStory {
  const message = `EIPClaim ${key} is that of the pod-eip with annotation domain ${other}, so none shows the EIP that is asked for under ${domain}, and deleting it says nothing about this one: let each Pod ask under one domain only, and delete that EIPClaim when nothing asks under ${other} any more.`
  return { type: 'Warning', reason: 'ShownByOther', message }
}

function who(by: string): string {
  return by === '' ? 'Somebody' : by
}
