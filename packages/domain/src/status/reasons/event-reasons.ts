/**
 * Every reason that a Kubernetes Event of ours can have. The list is closed: a story with another reason does not
 * compile. TKE's own spellings are kept where it has them, so that alerts on them go on working:
 * `FailedAllocateEIP` of its ipamd, the others of its super nodes.
 */
export const eventReasons = {
  AllocatedEip: 'an EIP was allocated',
  TookEip: 'the claim has one of the EIPs that are yours; the message says how it was found',
  AssociatedEip: 'the EIP was bound to the Pod',
  DisassociatedEip: 'the EIP was unbound',
  RetainedEip: 'the Pod has ended and its EIP is kept',
  ResumedEip: 'a new Pod took the kept EIP back',
  RetentionRescheduled: 'the EIP is kept for longer or shorter, since the expiry setting changed',
  ReleasingEip: 'the EIP is being given back; the message says why',
  ReleasedEip: 'the EIP was given back',
  GaveEipBack: 'the claim let go of an EIP that is yours; it is not released',
  ReclaimDeclined: 'the EIPClaim was deleted while its Pod lives; it comes back',
  InvalidEipRequest: 'an annotation cannot be understood; the message names field, value and remedy',
  MisspeltDeletePolicy: 'the delete policy looks like Never and is not, so the EIP will not be kept',
  UnknownAttribute: 'a field of eip-attributes is not known and is ignored; the message names it',
  ReservedTag: 'a tag in eip-attributes has a key by which EIPs are found again, and its value is ignored',
  ChangeWithoutEffect:
    'the annotations changed, and the EIP stays as it is; the message says what to do to get another one',
  WarningCleared: 'what was warned of has been put right',
  ListedAddressTaken: 'another Pod has the EIP of yours that this one asks for; the claim waits for it',
  BeyondList: "the Pod's number is beyond its list of EIPs; the claim waits for more",
  HostNetwork: 'the Pod uses hostNetwork and can have no EIP',
  ClusterTornDown: 'an operator ordered that all EIPs of the cluster go back, so the Pod gets none',
  PredecessorLeaving: 'the Pod waits until the EIP of an earlier Pod of its name is unbound or given back',
  NodeQuotaExhausted: 'the node has no free EIP slot; the claim waits for one',
  NodeUnknown: 'the Node does not show its CPU count yet; the claim waits for that',
  EipBlocked: 'Tencent Cloud has blocked the EIP of the Pod',
  EipInArrears: 'the EIP of the Pod is in arrears',
  EipUsableAgain: 'the EIP is no longer blocked or in arrears',
  EipDrifted:
    'somebody unbound, moved or released the EIP in the cloud; the message says what is done about it',
  OrphanFound: "an EIP of this cluster was in nobody's hands in the cloud; it is released",
  ClaimRecovered:
    'the log went back to an older backup, and an operator brought the claim up to what cloud and cluster prove',
  EipGone:
    'somebody released the EIP in the cloud; the claim gets another one, or asks for another one to be named',
  FailedAllocateEIP: 'the cloud refuses to allocate an EIP; the message says why and when it is tried again',
  FailedTakeEip:
    'the EIPs of yours cannot be had now, such as one that somebody else has bound; the message says why and when it is tried again',
  FailedAssociateEip: 'the cloud refuses to bind the EIP; the message says why and when it is tried again',
  FailedDisassociateEip:
    'the cloud refuses to unbind the EIP; the message says why and when it is tried again',
  FailedReleaseEip: 'the cloud refuses to take the EIP back; the message says why and when it is tried again',
  ReclaimHeld: 'too much would be given back at once; the message says what to do',
  HoldEnded: 'an operator answered what was held',
  NatGatewayTakesTraffic:
    'a NAT gateway takes what the Pod sends, so that the EIP is not its source; the message says what to do',
  EipIsSourceAgain: 'no NAT gateway takes what the Pod sends any more',
  EgressNotKept:
    "on the ConfigMap of ip-masq-agent: Pods' entries cannot be kept there; the message says why and what to do",
  EgressEntriesTaken:
    "on the ConfigMap of ip-masq-agent: somebody took Pods' entries out; they are put back, ever later",
  ChangeUndone:
    'somebody else changed what pod-eip writes, and it was put right; the message says who, what, and what to do instead',
  FieldsDisputed:
    'somebody else keeps changing what pod-eip writes, so it is put right ever more rarely; the message says who and what',
  WriteRefused:
    'somebody refuses what pod-eip writes, such as an admission policy; the message says who, what, and what to do',
  ShownByOther:
    'the EIPClaim of that name belongs to another pod-eip, with another annotation domain, so none shows the EIP of this one; the message says what to do',
  NotMadeByPodEip: 'an EIPClaim was made by hand; it does nothing',
} as const satisfies Record<string, string>

export type EventReason = keyof typeof eventReasons
