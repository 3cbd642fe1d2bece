import { describe, expect, it } from 'vitest'
import { codeOf, openBound, openSimulator } from '../open-simulator.fixture.ts'

describe('requests', () => {
  it.each([
    ['AllocateAddresses', { AddressCount: '1' }, 'InvalidParameter'],
    ['AllocateAddresses', { AddressCount: 0 }, 'InvalidParameterValue'],
    ['AllocateAddresses', { Colour: 'red' }, 'UnknownParameter'],
    ['AllocateAddresses', { InternetServiceProvider: 'XYZ' }, 'InvalidParameterValue'],
    ['AllocateAddresses', { InternetMaxBandwidthOut: 101 }, 'InvalidParameterValue.BandwidthOutOfRange'],
    ['AllocateAddresses', { InternetChargeType: 'BANDWIDTH_PACKAGE' }, 'MissingParameter'],
    ['AllocateAddresses', { AddressName: 'two words' }, 'InvalidParameterValue'],
    ['AllocateAddresses', { ClientToken: 'x'.repeat(65) }, 'InvalidParameterValue'],
    ['AssociateAddress', {}, 'MissingParameter'],
    ['AssociateAddress', { AddressId: 'eip-1' }, 'MissingParameter'],
    ['AssociateAddress', { AddressId: 'eip-1', NetworkInterfaceId: 'eni-1' }, 'MissingParameter'],
    [
      'AssociateAddress',
      { AddressId: 'eip-1', InstanceId: 'i', NetworkInterfaceId: 'e' },
      'InvalidParameterConflict',
    ],
    ['ReleaseAddresses', { AddressIds: [] }, 'InvalidParameterValue'],
    ['ReleaseAddresses', { AddressIds: ['eip-1'] }, 'InvalidAddressId.NotFound'],
    ['DescribeTaskResult', { TaskId: '1' }, 'InvalidParameter'],
    ['DescribeTaskResult', { TaskId: 99 }, 'ResourceNotFound'],
    ['DescribeAddresses', { Limit: 101 }, 'InvalidParameterValue'],
    [
      'DescribeAddresses',
      { Filters: [{ Name: 'colour', Values: ['red'] }] },
      'InvalidParameter.FilterInvalidKey',
    ],
    [
      'DescribeAddresses',
      { AddressIds: ['eip-1'], Filters: [{ Name: 'address-id', Values: ['eip-1'] }] },
      'InvalidParameter.Coexist',
    ],
    [
      'DescribeNetworkInterfaces',
      { NetworkInterfaceIds: ['eni-1'], Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }] },
      'InvalidParameter.Coexist',
    ],
    ['MakeCoffee', {}, 'InvalidAction'],
  ])('%s %o is refused', (action, body, code) => {
    const opened = openSimulator()
    opened.call('AllocateAddresses')
    expect(codeOf(opened.call(action, body))).toBe(code)
  })

  it('are throttled beyond the rate of their action, until a second has passed', () => {
    const { call, pass } = openSimulator()
    const answers = Array.from({ length: 11 }, () => call('DescribeAddressQuota'))
    expect(answers.map(codeOf)).toEqual([...Array(10).fill(undefined), 'RequestLimitExceeded'])
    expect(answers[10]?.Error?.Message).toContain('`11` in a second, which exceeds the frequency limit `10`')
    expect(codeOf(call('DescribeAddresses'))).toBeUndefined()
    pass(1000)
    expect(codeOf(call('DescribeAddressQuota'))).toBeUndefined()
  })

  it('are refused for lack of money or permission', () => {
    const { simulator, call } = openSimulator()
    simulator.setAccount({ balanceInsufficient: true, deniedActions: ['ReleaseAddresses'] })
    expect(codeOf(call('AllocateAddresses'))).toBe('FailedOperation.BalanceInsufficient')
    expect(codeOf(call('ReleaseAddresses', { AddressIds: ['eip-1'] }))).toBe('UnauthorizedOperation')
  })

  it('are refused by CAM before their fields are looked at: to one key, or to the whole account', () => {
    const keys = ['root', 'user'].map((name) => ({ uin: '100000000001', secretId: name, secretKey: 'k' }))
    const denied = { ...keys[1]!, deniedActions: ['cvm:ReleaseAddresses', 'vpc:*'] }
    const { simulator } = openSimulator({ accounts: [keys[0]!, denied] })
    const as = (secretId: string, action: string) =>
      simulator.call({
        ...{ account: '100000000001', secretId, region: 'ap-guangzhou', version: '2017-03-12' },
        ...{ action, body: { nonsense: true } },
      }).Error
    expect(as('root', 'ReleaseAddresses')?.Code).toBe('MissingParameter')
    expect(as('user', 'ReleaseAddresses')).toEqual({
      Code: 'UnauthorizedOperation',
      Message:
        'you are not authorized to perform operation (cvm:ReleaseAddresses)\nresource (qcs::cvm:ap-guangzhou:uin/100000000001:eip/*) has no permission',
    })
    expect(as('user', 'DescribeNetworkInterfaces')?.Code).toBe('UnauthorizedOperation')
    simulator.denyKey('user', [])
    expect(as('user', 'ReleaseAddresses')?.Code).toBe('MissingParameter')
    simulator.setAccount({ deniedActions: ['*'] })
    expect(as('root', 'DescribeAddresses')?.Code).toBe('UnauthorizedOperation')
    expect(() => simulator.denyKey('nobody', [])).toThrow('There is no key nobody')
  })

  it('list by every documented filter', () => {
    const { call, addressId } = openBound()
    call('AllocateAddresses', {
      AddressName: 'other',
      InternetServiceProvider: 'CMCC',
      AddressType: 'AnycastEIP',
      Tags: [{ Key: 'k', Value: 'v' }],
    })
    const total = (Name: string, ...Values: string[]) =>
      call('DescribeAddresses', { Filters: [{ Name, Values }] }).TotalCount
    expect(total('address-id', addressId, 'eip-unknown')).toBe(1)
    expect(total('address-name', 'other')).toBe(1)
    expect(total('address-status', 'BIND_ENI', 'CREATING')).toBe(2)
    expect(total('private-ip-address', '10.9.9.9', '10.0.0.1')).toBe(0)
    expect(total('network-interface-id', 'eni-1')).toBe(1)
    expect(total('address-isp', 'CMCC')).toBe(1)
    expect(total('address-type', 'AnycastEIP')).toBe(1)
    expect(total('is-arrears', 'FALSE')).toBe(2)
    expect(total('tag-key', 'k')).toBe(1)
    expect(total('tag-value', 'v')).toBe(1)
    expect(total('tag:k', 'v')).toBe(1)
    expect(total('tag:k', 'w')).toBe(0)
    const page = call('DescribeAddresses', { Offset: 1, Limit: 1 })
    expect(page).toMatchObject({ TotalCount: 2, AddressSet: [{ AddressId: addressId }] })
  })
})
