/** What a refusal by the cloud means for those who run the Pod: why, and what they can do. */
export interface CloudAdvice {
  /** Goes on after "because". */
  why: string
  /** Goes on after a semicolon. */
  todo: string
}

const wrongAttributes = "correct the Pod's annotation eip-attributes"
const topUp = "top up the account in Tencent Cloud's billing console"

/** By code. A code stands for its children too: `AuthFailure` for `AuthFailure.SecretIdNotFound`. */
const adviceByCode: Record<string, CloudAdvice> = {
  AddressQuotaLimitExceeded: {
    why: "the account's quota of EIPs in this region is used up",
    todo: 'release EIPs that nobody needs or apply for a higher quota',
  },
  'AddressQuotaLimitExceeded.DailyAllocate': {
    why: 'the account may allocate no more EIPs in this region today',
    todo: 'wait until tomorrow or apply for a higher daily quota',
  },
  'LimitExceeded.InstanceAddressQuota': {
    why: "the node's CVM has all the public addresses that it may have",
    todo: 'unbind one of its other EIPs or move the Pod to another node',
  },
  'LimitExceeded.AccountReturnQuota': {
    why: 'the account may give back no more EIPs today',
    todo: 'wait until tomorrow or ask Tencent Cloud for a higher limit',
  },
  'LimitExceeded.TagQuota': {
    why: 'the EIP would carry more tags than it may',
    todo: "name fewer Tags in the Pod's annotation eip-attributes",
  },
  ResourceInsufficient: {
    why: 'Tencent Cloud has no such address left at the moment',
    todo: 'wait, or ask for another ISP or AddressType in annotation eip-attributes',
  },
  'FailedOperation.BalanceInsufficient': { why: "the account's balance is too low", todo: topUp },
  'OperationDenied.AddressInArrears': { why: 'the EIP is in arrears', todo: topUp },
  'InvalidAddressId.Blocked': {
    why: 'the EIP is blocked',
    todo: "see why and lift the block in Tencent Cloud's EIP console",
  },
  'InvalidAddressId.NotFound': {
    why: 'the EIP does not exist any more',
    todo: 'delete the EIPClaim to have the claim begin anew',
  },
  'InvalidParameterValue.AddressNotFound': {
    why: 'the EIP does not exist any more',
    todo: 'delete the EIPClaim to have the claim begin anew',
  },
  'OperationDenied.AddressDeletionProtectionEnabled': {
    why: 'the EIP is protected from deletion',
    todo: "turn its protection off in Tencent Cloud's EIP console",
  },
  'InvalidAccount.NotSupported': {
    why: 'Tencent Cloud does not offer this to accounts of this kind',
    todo: 'ask Tencent Cloud to make it a bill-by-IP account',
  },
  'UnsupportedOperation.IspNotSupported': {
    why: 'the region does not offer that ISP',
    todo: wrongAttributes,
  },
  'UnsupportedOperation.UnsupportedRegion': {
    why: 'the region does not offer that kind of EIP',
    todo: wrongAttributes,
  },
  UnauthorizedOperation: {
    why: 'the identity of pod-eip is not allowed to do it',
    todo: 'grant it the policy QcloudAccessForIPAMDRoleInQcloudAllocateEIP in CAM',
  },
  AuthFailure: {
    why: 'Tencent Cloud does not accept the credentials of pod-eip',
    todo: "check its secret or role, and that its node's clock is right",
  },
  RequestLimitExceeded: {
    why: 'Tencent Cloud takes no more calls at the moment',
    todo: 'nothing has to be done',
  },
  NoAnswer: {
    why: 'Tencent Cloud did not answer',
    todo: "check the way from the cluster to Tencent Cloud's VPC API",
  },
}

/** What is known about a code, or `null` when only the cloud's own words tell. */
export function cloudAdvice(code: string): CloudAdvice | null {
  for (let parent = code; parent !== ''; parent = parent.slice(0, Math.max(0, parent.lastIndexOf('.')))) {
    if (Object.hasOwn(adviceByCode, parent)) return adviceByCode[parent]!
  }
  return null
}

/** What can be done about a code of which nothing more is known. */
export function generalTodo(code: string): string {
  return /^(InvalidParameter|MissingParameter)/.test(code)
    ? wrongAttributes
    : "look the code up in the error codes of Tencent Cloud's EIP API"
}
