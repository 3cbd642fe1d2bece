/** What a refusal by the cloud means for those who run the Pod: why, and what they can do. */
export interface CodeNote {
  /** Goes on after "because". */
  why: string
  /** Goes on after a semicolon. */
  todo: string
}

const wrongAttributes = "correct the Pod's annotation eip-attributes"
const topUp = "top up the account in Tencent Cloud's billing console"
const nothing = 'nothing has to be done'
const lookAgain = 'pod-eip looks again and goes on by what it sees; look in the EIP console if this lasts'
const busy = { why: 'Tencent Cloud is busy at the moment', todo: nothing }
const gone = {
  why: 'the EIP does not exist any more',
  todo: 'nothing has to be done: a claim whose own EIP is gone gets another one',
}
const moved = { why: 'the EIP is not in the state that this needs', todo: lookAgain }
const noInterface = {
  why: "the network interface with the Pod's address is not there",
  todo: 'check that the Pod runs and uses VPC-CNI',
}
const taken = {
  why: "the Pod's private address has another EIP",
  todo: "unbind that one in Tencent Cloud's EIP console, unless pod-eip is just doing so",
}
const outdated = {
  why: 'Tencent Cloud does not know this call',
  todo: 'check POD_EIP_CLOUD_ENDPOINT and TENCENTCLOUD_REGION of the worker',
}

/**
 * Every error code of the EIP API that we know. A code stands for its children too: `AuthFailure` for
 * `AuthFailure.SecretIdNotFound`. How each is tried again is said by its class, in the package `cloud`; a code
 * that stands in one of the two lists and not in the other does not compile.
 */
export const cloudCodes = {
  AddressQuotaLimitExceeded: {
    why: "the account's quota of EIPs in this region is used up",
    todo: 'release EIPs that nobody needs or apply for a higher quota',
  },
  'AddressQuotaLimitExceeded.DailyAllocate': {
    why: 'the account may allocate no more EIPs in this region today',
    todo: 'wait until tomorrow or apply for a higher daily quota',
  },
  LimitExceeded: {
    why: 'a limit of the account is reached',
    todo: "see which in Tencent Cloud's words, and apply for more",
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
  'LimitExceeded.ActionLimited': busy,
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
  'InvalidAddressId.NotFound': gone,
  'InvalidParameterValue.AddressNotFound': gone,
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
  'UnsupportedOperation.DeliveryFailed': {
    why: 'Tencent Cloud could not deliver what was ordered',
    todo: 'nothing has to be done: it is ordered anew',
  },
  'UnsupportedOperation.ActionNotFound': outdated,
  InvalidAction: outdated,
  NoSuchVersion: outdated,
  UnsupportedRegion: {
    why: 'there is no such region',
    todo: 'correct TENCENTCLOUD_REGION of the worker',
  },
  UnauthorizedOperation: {
    why: 'the identity of pod-eip is not allowed to do it',
    todo: 'grant it the policy QcloudAccessForIPAMDRoleInQcloudAllocateEIP in CAM',
  },
  AuthFailure: {
    why: 'Tencent Cloud does not accept the credentials of pod-eip',
    todo: "check its secret or role, and that its node's clock is right",
  },
  InvalidParameter: { why: 'Tencent Cloud does not take what was asked', todo: wrongAttributes },
  InvalidParameterValue: { why: 'Tencent Cloud does not take a value that was asked', todo: wrongAttributes },
  InvalidParameterCombination: {
    why: 'Tencent Cloud does not take these values together',
    todo: wrongAttributes,
  },
  InvalidParameterConflict: {
    why: 'Tencent Cloud does not take these values together',
    todo: wrongAttributes,
  },
  MissingParameter: { why: 'Tencent Cloud misses a value', todo: wrongAttributes },
  UnknownParameter: { why: 'Tencent Cloud does not know a field that was asked', todo: wrongAttributes },
  RequestLimitExceeded: { why: 'Tencent Cloud takes no more calls at the moment', todo: nothing },
  'OperationDenied.MutexTaskRunning': {
    why: 'an earlier change of the EIP is still under way',
    todo: nothing,
  },
  InternalServerError: busy,
  InternalError: busy,
  ResourceUnavailable: busy,
  'UnsupportedOperation.AddressStatusNotPermit': moved,
  'InvalidAddressIdStatus.NotPermit': moved,
  InvalidAddressState: moved,
  'UnsupportedOperation.InstanceStateNotSupported': {
    why: "the node's CVM is not in a state that allows it",
    todo: "see the CVM's state in Tencent Cloud's console",
  },
  'InvalidPrivateIpAddress.AlreadyBindEip': taken,
  'InvalidInstanceId.AlreadyBindEip': taken,
  'InvalidParameterValue.NetworkInterfaceIdNotMatch': noInterface,
  'InvalidParameterValue.PrivateIpAddressNotMatch': noInterface,
  'InvalidParameterValue.NetworkInterfaceNotFound': noInterface,
  'InvalidNetworkInterfaceId.NotFound': noInterface,
  'FailedOperation.AddressEniInfoNotFound': noInterface,
  'FailedOperation.TaskFailed': { why: 'what Tencent Cloud began did not work', todo: lookAgain },
} as const satisfies Record<string, CodeNote>

/**
 * The codes of ours: what stands in the way of a cloud call without the cloud having said so. The list is
 * closed, as that of the reasons is.
 */
export const ownCodes = {
  NoAnswer: {
    why: 'Tencent Cloud did not answer',
    todo: "check the way from the cluster to Tencent Cloud's VPC API",
  },
  NotSent: {
    why: 'the call could not be sent',
    todo: "check the way from the cluster to Tencent Cloud's VPC API",
  },
  NoCredential: {
    why: 'pod-eip has no credentials of Tencent Cloud',
    todo: "check the worker's secret or role",
  },
  PagesShifted: { why: 'a list changed while it was read', todo: nothing },
  NetworkInterfaceNotFound: {
    why: "Tencent Cloud knows no network interface with the Pod's address",
    todo: 'check that the Pod uses VPC-CNI (annotation networks)',
  },
  NetworkInterfaceNotUnique: {
    why: "several network interfaces have the Pod's address, and the Node names no CVM to tell them apart",
    todo: "check the Node's spec.providerID",
  },
  AddressNotShown: {
    why: 'Tencent Cloud allocated an EIP and does not show it yet',
    todo: 'look for it in the console if this lasts',
  },
  ListedAddressInUse: {
    why: 'somebody else has bound the EIP of yours',
    todo: 'unbind it there, or name another EIP in annotation eip-id-list',
  },
  ListedAddressNotFree: {
    why: 'the EIP of yours was not free any more when it was to be bound',
    todo: 'nothing has to be done: it is looked up anew',
  },
  AddressBoundElsewhere: {
    why: 'somebody else bound the EIP elsewhere',
    todo: 'unbind it there, and it goes on',
  },
} as const satisfies Record<string, CodeNote>

export type CloudCode = keyof typeof cloudCodes
export type OwnCode = keyof typeof ownCodes

const notes: Record<string, CodeNote> = { ...cloudCodes, ...ownCodes }

/** What is known about a code, or `null` when only the cloud's own words tell. */
export function codeNote(code: string): CodeNote | null {
  for (let parent = code; parent !== ''; parent = parent.slice(0, Math.max(0, parent.lastIndexOf('.')))) {
    if (Object.hasOwn(notes, parent)) return notes[parent]!
  }
  return null
}

/** What can be done about a code of which nothing more is known. */
export function generalTodo(code: string): string {
  return code.startsWith('InvalidParameter')
    ? wrongAttributes
    : "look the code up in the error codes of Tencent Cloud's EIP API"
}

/**
 * Whether a refusal that is final by itself is mended in the account and not in the Pod: a missing permission, a
 * wrong key. Nothing that the claim could notice; it is told, and tried again after a long while.
 */
export function isMendedInAccount(code: string): boolean {
  return /^(UnauthorizedOperation|AuthFailure)/.test(code)
}
