import type { EventData } from '../events/event.ts'
import type { RecoveryProof } from '../events/recovery-events.ts'
import { nameOf } from './words.ts'

const proofs = {
  EIPClaim: 'by its EIPClaim',
  Pod: "by its Pod's annotation",
  Binding: 'by where it is bound',
  Allocation: 'by the tag of its allocation',
  Log: 'as the log has it',
  Gone: 'since the cloud has no EIP of it any more, or another claim has it',
} satisfies Record<RecoveryProof, string>

/** What a claim was brought up to when the log had gone back: one sentence. */
export function recoveredSentence({ address, binding, proof, by }: EventData['ClaimRecovered']): string {
  const what = !address
    ? 'it has no EIP'
    : binding
      ? `${nameOf(address)} is bound to ${binding.privateIp} on node ${binding.node}`
      : `${nameOf(address)} is its own and is bound to nothing`
  return `The log had gone back to an older backup; ${by} recovered the claim: ${what}, ${proofs[proof]}.`
}
