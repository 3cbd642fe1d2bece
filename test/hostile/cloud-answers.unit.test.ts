import { type AllocateRequest, CloudError, createEipCloudOverVpcApi, type EipCloud } from '@pod-eip/cloud'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hostileJson, spoiled, unprintable } from './hostile-text.ts'

const address = {
  AddressId: 'eip-1',
  AddressName: 'web',
  AddressStatus: 'BIND',
  AddressIp: '203.0.113.1',
  InstanceId: 'ins-1',
  NetworkInterfaceId: 'eni-1',
  PrivateAddressIp: '10.0.0.1',
  IsArrears: false,
  IsBlocked: false,
  AddressType: 'EIP',
  InternetServiceProvider: 'BGP',
  Bandwidth: 100,
  InternetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
  CreatedTime: '2026-01-01T00:00:00Z',
  TagSet: [{ Key: 'k', Value: 'v' }],
}
const ip = {
  PrivateIpAddress: '10.0.0.1',
  Primary: true,
  PublicIpAddress: '',
  AddressId: '',
  State: 'AVAILABLE',
}
const networkInterface = {
  ...{ NetworkInterfaceId: 'eni-1', VpcId: 'vpc-1', SubnetId: 'subnet-1', Primary: false },
  Attachment: { InstanceId: 'ins-1' },
  PrivateIpAddressSet: [ip],
}
const routeTable = {
  ...{ RouteTableId: 'rtb-1', VpcId: 'vpc-1', AssociationSet: [{ SubnetId: 'subnet-1' }] },
  RouteSet: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayType: 'NAT', GatewayId: 'nat-1', Enabled: true }],
}
const allocation: AllocateRequest = {
  ...{ clientToken: 't', addressCount: 1, internetServiceProvider: 'BGP', tags: [] },
  ...{ internetChargeType: 'TRAFFIC_POSTPAID_BY_HOUR', internetMaxBandwidthOut: 1 },
}

/** Each call of the port, with a good answer to it. */
const calls: Record<string, { answer: object; call(cloud: EipCloud): Promise<unknown> }> = {
  AllocateAddresses: {
    answer: { RequestId: 'r-1', TaskId: '7', AddressSet: ['eip-1'] },
    call: (cloud) => cloud.allocateAddresses(allocation),
  },
  AssociateAddress: {
    answer: { RequestId: 'r-1', TaskId: '7' },
    call: (cloud) =>
      cloud.associateAddress({ addressId: 'eip-1', networkInterfaceId: 'e', privateIpAddress: '10.0.0.1' }),
  },
  ReleaseAddresses: {
    answer: { RequestId: 'r-1', TaskId: null },
    call: (cloud) => cloud.releaseAddresses({ addressIds: ['eip-1'] }),
  },
  DescribeAddresses: {
    answer: { RequestId: 'r-1', TotalCount: 1, AddressSet: [address] },
    call: (cloud) => cloud.describeAddresses({ addressIds: ['eip-1'] }),
  },
  DescribeTaskResult: {
    answer: { RequestId: 'r-1', Result: 'SUCCESS' },
    call: (cloud) => cloud.describeTaskResult(7),
  },
  DescribeAddressQuota: {
    answer: { RequestId: 'r-1', QuotaSet: [{ QuotaId: 'q', QuotaCurrent: 1, QuotaLimit: 2 }] },
    call: (cloud) => cloud.describeAddressQuota(),
  },
  DescribeNetworkInterfaces: {
    answer: { RequestId: 'r-1', TotalCount: 1, NetworkInterfaceSet: [networkInterface] },
    call: (cloud) => cloud.describeNetworkInterfaces({ privateIpAddresses: ['10.0.0.1'] }),
  },
  DescribeRouteTables: {
    answer: { RequestId: 'r-1', TotalCount: 1, RouteTableSet: [routeTable] },
    call: (cloud) => cloud.describeRouteTables({ vpcId: 'vpc-1' }),
  },
}

/** What comes of the call when the cloud says this. */
async function outcome(action: string, answer: unknown): Promise<unknown> {
  return calls[action]!.call(createEipCloudOverVpcApi(async () => answer)).catch((error: unknown) => error)
}

/** Either the port's own form, or an error that is short and fit to be shown. */
function isHarmless(result: unknown): void {
  if (result instanceof Error) {
    expect(result).toBeInstanceOf(CloudError)
    expect(result.message.length).toBeLessThan(1_100)
    expect(result.message).not.toMatch(unprintable)
  }
  for (const id of idsIn(result)) {
    expect(id.length).toBeLessThanOrEqual(1_100)
    expect(id).not.toMatch(unprintable)
  }
}

/** Texts that go into the log, onto terminals, or into later requests. */
function idsIn(result: unknown): string[] {
  const ids: string[] = []
  JSON.stringify(result, (key, value: unknown) => {
    if (/(Id|Ip|Address)$/i.test(key) && typeof value === 'string') ids.push(value)
    return value
  })
  return ids
}

test.each(Object.keys(calls))('a good answer to %s is taken', async (action) => {
  expect(await outcome(action, calls[action]!.answer)).not.toBeInstanceOf(Error)
})

test.each(Object.keys(calls))(
  'whatever is answered to %s ends in a value or in one short error',
  async (action) => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(hostileJson(), spoiled(calls[action]!.answer)), async (answer) => {
        isHarmless(await outcome(action, answer))
      }),
      { numRuns: 300 },
    )
  },
)

test('of a list of millions not each wrong entry is told', async () => {
  const many = { RequestId: 'r-1', TotalCount: 1, AddressSet: Array.from({ length: 1_000_000 }, () => 1) }
  expect(await outcome('DescribeAddresses', many)).toMatchObject({
    class: 'no-answer',
    message: expect.stringContaining('no list of at most 1000 entries'),
  })
})

test('a list that never ends is given up', async () => {
  const total = { RequestId: 'r-1', TotalCount: 1e15, AddressSet: [address] }
  expect(await outcome('DescribeAddresses', total)).toMatchObject({
    class: 'no-answer',
    message: expect.stringContaining('more than 100000 are not believed'),
  })
})
