import type { ListedReason, RefusalReason, SlotReason } from '../../events/decisions.ts'
import { nothing, type ReasonNote } from './reason-note.ts'

/**
 * Every reason of ours that a condition of an EIPClaim can have. The list is closed: a reason that is not here
 * does not compile, nor does a refusal or a wait of the rules without its entry. The other reasons that
 * conditions have are codes, see cloud-codes.ts.
 */
export const conditionReasons = {
  Accepted: { means: 'the annotations were understood', todo: nothing, goesOn: 'settled' },
  NotJudged: {
    means: 'the annotations have not been read yet, or there is no Pod that has any',
    todo: nothing,
    goesOn: 'by itself',
  },
  Invalid: {
    means:
      'an annotation cannot be understood or asks for what cannot be; the message names field, value and remedy',
    todo: 'correct the annotation, on the living Pod or in its template',
    goesOn: 'after a change',
  },
  HostNetwork: {
    means: 'the Pod uses hostNetwork and has no address of its own',
    todo: 'remove hostNetwork or the EIP annotations',
    goesOn: 'after a change',
  },
  ClusterTornDown: {
    means: 'an operator ordered that all EIPs of the cluster go back and none is created any more',
    todo: 'nothing, or `eipctl teardown --cancel` if the cluster is to go on, see [teardown](teardown.md)',
    goesOn: 'after a change',
  },
  NotRequested: {
    means: 'no EIP was asked for yet',
    todo: nothing,
    goesOn: 'by itself',
  },
  ListedAddressTaken: {
    means: 'another Pod has the EIP of yours that this one asks for',
    todo: 'wait until it is free, or name another EIP in annotation eip-id-list',
    goesOn: 'by itself',
  },
  BeyondList: {
    means: "the Pod's number is beyond its list of EIPs",
    todo: 'name more EIPs in annotation eip-id-list, or run fewer Pods',
    goesOn: 'after a change',
  },
  Allocating: {
    means: 'an EIP was asked of Tencent Cloud, or those of a list are looked at',
    todo: nothing,
    goesOn: 'by itself',
  },
  Cancelled: {
    means: 'the Pod ended while its EIP was asked for; what comes of it is given back',
    todo: nothing,
    goesOn: 'by itself',
  },
  BindingCancelled: {
    means: 'the Pod ended or moved while its EIP was being bound; what comes of it is undone',
    todo: nothing,
    goesOn: 'by itself',
  },
  Allocated: { means: 'the claim has an EIP', todo: nothing, goesOn: 'settled' },
  NotAllocated: {
    means: 'there is no EIP to bind yet; see condition Allocated',
    todo: nothing,
    goesOn: 'by itself',
  },
  PredecessorLeaving: {
    means: 'the EIP of an earlier Pod of the name is unbound or given back first',
    todo: nothing,
    goesOn: 'by itself',
  },
  PodNotScheduled: {
    means: 'the EIP waits for its Pod to be scheduled',
    todo: "see the Pod's Events when it is not",
    goesOn: 'by itself',
  },
  PodHasNoAddress: {
    means: "the EIP waits for the Pod's own address",
    todo: "see the Pod's Events when it gets none",
    goesOn: 'by itself',
  },
  PodTerminating: {
    means: 'the Pod is being deleted, so nothing is bound any more',
    todo: nothing,
    goesOn: 'by itself',
  },
  PodEnded: {
    means: 'the Pod has ended; its EIP is kept or given back next',
    todo: nothing,
    goesOn: 'by itself',
  },
  NodeQuotaExhausted: {
    means: 'the node has no free EIP slot',
    todo: 'wait until a Pod on the node ends, or move the Pod to another node',
    goesOn: 'by itself',
  },
  NodeUnknown: {
    means: 'the Node does not show its CPU count yet, so its EIP limit is not known',
    todo: nothing,
    goesOn: 'by itself',
  },
  BindingNext: { means: 'nothing is missing; the EIP is bound next', todo: nothing, goesOn: 'by itself' },
  Binding: { means: 'Tencent Cloud is binding the EIP', todo: nothing, goesOn: 'by itself' },
  Bound: { means: "the EIP is bound to the Pod's address", todo: nothing, goesOn: 'settled' },
  Unbinding: { means: 'Tencent Cloud is unbinding the EIP', todo: nothing, goesOn: 'by itself' },
  Retained: {
    means: 'the EIP is kept, unbound, for the next Pod of the name',
    todo: 'delete the EIPClaim to release the EIP sooner',
    goesOn: 'settled',
  },
  ReclaimHeld: {
    means: 'too many Pods were missed, or EIPs released, at once; nothing is given back for now',
    todo: 'see `eipctl guard`, then confirm or deny',
    goesOn: 'after a change',
  },
  Releasing: { means: 'the EIP is being given back', todo: nothing, goesOn: 'by itself' },
  NatGatewayFirst: {
    means: 'a NAT gateway takes what the Pod sends, so that the EIP is not its source',
    todo: "give the Pod's subnet a route table without the route to the NAT gateway, see [egress](egress.md)",
    goesOn: 'by itself',
  },
  NoNatGateway: {
    means: 'no NAT gateway takes what the Pod sends any more',
    todo: nothing,
    goesOn: 'settled',
  },
  Released: { means: 'the EIP was given back; the claim is closed', todo: nothing, goesOn: 'settled' },
} as const satisfies Record<string, ReasonNote> &
  Record<RefusalReason | SlotReason | ListedReason, ReasonNote>

export type ConditionReason = keyof typeof conditionReasons
