import { describe, expect, it } from 'vitest'
import type { CloudErrorClass } from '../cloud-error.ts'
import { classifyErrorCode } from './classify-error.ts'

const documented: Record<Exclude<CloudErrorClass, 'no-answer'>, string[]> = {
  'retry-soon': [
    'RequestLimitExceeded',
    'RequestLimitExceeded.UinLimitExceeded',
    'RequestLimitExceeded.IPLimitExceeded',
    'RequestLimitExceeded.GlobalRegionUinLimitExceeded',
    'OperationDenied.MutexTaskRunning',
    'LimitExceeded.ActionLimited',
    'InternalServerError',
    'InternalError',
    'InternalError.ModuleError',
    'ResourceUnavailable',
  ],
  'describe-again': [
    'UnsupportedOperation.AddressStatusNotPermit',
    'InvalidAddressIdStatus.NotPermit',
    'InvalidAddressState',
    'InvalidPrivateIpAddress.AlreadyBindEip',
    'InvalidInstanceId.AlreadyBindEip',
    'InvalidParameterValue.NetworkInterfaceIdNotMatch',
    'InvalidParameterValue.PrivateIpAddressNotMatch',
    'InvalidParameterValue.NetworkInterfaceNotFound',
    'FailedOperation.TaskFailed',
    'FailedOperation.AddressEniInfoNotFound',
    'UnsupportedOperation.InstanceStateNotSupported',
    'InvalidNetworkInterfaceId.NotFound',
  ],
  gone: ['InvalidAddressId.NotFound', 'InvalidParameterValue.AddressNotFound'],
  'back-off': [
    'AddressQuotaLimitExceeded',
    'AddressQuotaLimitExceeded.DailyAllocate',
    'LimitExceeded.InstanceAddressQuota',
    'LimitExceeded.AccountReturnQuota',
    'LimitExceeded.TagQuota',
    'ResourceInsufficient',
    'FailedOperation.BalanceInsufficient',
    'OperationDenied.AddressInArrears',
    'InvalidAddressId.Blocked',
  ],
  terminal: [
    'UnauthorizedOperation',
    'UnauthorizedOperation.CamNoAuth',
    'AuthFailure.SecretIdNotFound',
    'AuthFailure.SignatureExpire',
    'AuthFailure.SignatureFailure',
    'AuthFailure.TokenFailure',
    'InvalidParameter',
    'InvalidParameter.Coexist',
    'InvalidParameterCoexist',
    'InvalidParameterConflict',
    'InvalidParameterValue.Range',
    'MissingParameter',
    'InvalidAccount.NotSupported',
    'OperationDenied.AddressDeletionProtectionEnabled',
    'UnsupportedOperation.ActionNotFound',
    'UnsupportedOperation.IspNotSupported',
    'UnsupportedOperation.UnsupportedRegion',
    'UnsupportedOperation.DeliveryFailed',
  ],
}

describe('classifying an error code', () => {
  it.each(
    Object.entries(documented).flatMap(([errorClass, codes]) => codes.map((code) => [code, errorClass])),
  )('%s is %s', (code, errorClass) => {
    expect(classifyErrorCode(code)).toBe(errorClass)
  })

  it('shows what nobody has documented to the user, and tries rarely', () => {
    expect(classifyErrorCode('UnsupportedOperation.SomethingNew')).toBe('back-off')
    expect(classifyErrorCode('toString')).toBe('back-off')
    expect(classifyErrorCode('')).toBe('back-off')
  })
})
