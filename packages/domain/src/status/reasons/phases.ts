import type { ClaimPhase } from '../../claim/claim.ts'

/** What each phase of a claim means, and what comes next. Pieces of sentences, without an end. */
export const phaseNotes: Record<ClaimPhase, { means: string; next: string }> = {
  Pending: {
    means: 'the claim is open and has no EIP',
    next: 'an EIP is asked for, once the annotations and the cloud allow it',
  },
  Allocating: {
    means: 'an EIP was asked of Tencent Cloud',
    next: 'the EIP is there, or the claim says why not',
  },
  Allocated: {
    means: 'the claim has an EIP, not bound to anything',
    next: "it is bound once the Pod has its own address and its node a free EIP slot; after the Pod's end it is kept or given back",
  },
  Binding: {
    means: "the EIP is being bound to the Pod's address",
    next: 'it is bound, or the claim says why not',
  },
  Bound: { means: 'the Pod has its EIP', next: 'it stays until the Pod ends' },
  Unbinding: { means: 'the EIP is being unbound', next: 'it is kept, bound anew, or given back' },
  Retained: {
    means: 'the claim is static, its Pod has ended and its EIP is kept',
    next: 'a Pod of the same name takes it back; expiry or deletion of the EIPClaim releases it',
  },
  Releasing: { means: 'the EIP is being given back', next: 'the claim is closed' },
  Released: {
    means: 'the claim is closed and has no EIP',
    next: 'a new Pod of the same name opens it again',
  },
}
