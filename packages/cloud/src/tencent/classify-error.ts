import type { CloudErrorClass } from '../cloud-error.ts'

/**
 * What each documented error code of the VPC API asks of its caller. A code matches an entry that it
 * equals, or an entry that names one of its parents: `AuthFailure` stands for
 * `AuthFailure.SignatureFailure` as well. The longest match wins.
 */
const documented = {
  // Throttled or busy: the call was not carried out.
  RequestLimitExceeded: 'retry-soon',
  'OperationDenied.MutexTaskRunning': 'retry-soon',
  'LimitExceeded.ActionLimited': 'retry-soon',
  InternalServerError: 'retry-soon',
  InternalError: 'retry-soon',
  ResourceUnavailable: 'retry-soon',

  // The state is not what the caller believed.
  'UnsupportedOperation.AddressStatusNotPermit': 'describe-again',
  'InvalidAddressIdStatus.NotPermit': 'describe-again',
  InvalidAddressState: 'describe-again',
  'InvalidPrivateIpAddress.AlreadyBindEip': 'describe-again',
  'InvalidInstanceId.AlreadyBindEip': 'describe-again',
  'InvalidParameterValue.NetworkInterfaceIdNotMatch': 'describe-again',
  'InvalidParameterValue.PrivateIpAddressNotMatch': 'describe-again',
  'InvalidParameterValue.NetworkInterfaceNotFound': 'describe-again',
  'FailedOperation.TaskFailed': 'describe-again',
  'FailedOperation.AddressEniInfoNotFound': 'describe-again',
  'UnsupportedOperation.InstanceStateNotSupported': 'describe-again',
  'InvalidNetworkInterfaceId.NotFound': 'describe-again',

  // What should be taken away is away.
  'InvalidAddressId.NotFound': 'gone',
  'InvalidParameterValue.AddressNotFound': 'gone',

  // Somebody has to raise a quota, pay or lift a block.
  AddressQuotaLimitExceeded: 'back-off',
  'AddressQuotaLimitExceeded.DailyAllocate': 'back-off',
  LimitExceeded: 'back-off',
  'LimitExceeded.InstanceAddressQuota': 'back-off',
  'LimitExceeded.AccountReturnQuota': 'back-off',
  'LimitExceeded.TagQuota': 'back-off',
  ResourceInsufficient: 'back-off',
  'FailedOperation.BalanceInsufficient': 'back-off',
  'OperationDenied.AddressInArrears': 'back-off',
  'InvalidAddressId.Blocked': 'back-off',

  // The same call can never work.
  UnauthorizedOperation: 'terminal',
  AuthFailure: 'terminal',
  InvalidParameter: 'terminal',
  InvalidParameterValue: 'terminal',
  InvalidParameterCombination: 'terminal',
  InvalidParameterConflict: 'terminal',
  MissingParameter: 'terminal',
  UnknownParameter: 'terminal',
  InvalidAction: 'terminal',
  NoSuchVersion: 'terminal',
  UnsupportedRegion: 'terminal',
  'InvalidAccount.NotSupported': 'terminal',
  'OperationDenied.AddressDeletionProtectionEnabled': 'terminal',
  'UnsupportedOperation.ActionNotFound': 'terminal',
  'UnsupportedOperation.IspNotSupported': 'terminal',
  'UnsupportedOperation.UnsupportedRegion': 'terminal',
  // The order failed and its ClientToken is spent: only a new allocation, with a new token, can work.
  'UnsupportedOperation.DeliveryFailed': 'terminal',
} as const satisfies Record<string, CloudErrorClass>

/** The error codes that we know. */
export type ClassifiedCode = keyof typeof documented

const classByCode: Record<string, CloudErrorClass> = documented

/**
 * The class of an error code. A code that nobody has documented is `back-off`: it is shown to the
 * user and tried again rarely, so that it neither wedges a claim for ever nor floods the cloud.
 */
export function classifyErrorCode(code: string): CloudErrorClass {
  for (let name = code; name !== ''; name = parentOf(name)) {
    if (Object.hasOwn(classByCode, name)) return classByCode[name]!
  }
  // Families such as InvalidParameterCoexist are written without a dot.
  return code.startsWith('InvalidParameter') ? 'terminal' : 'back-off'
}

function parentOf(code: string): string {
  return code.slice(0, Math.max(0, code.lastIndexOf('.')))
}
