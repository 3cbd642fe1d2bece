import { ApiError } from '../requests/api-error.ts'
import type { Request } from '../requests/schemas.ts'
import type { SimulatedAddress } from '../state/state.ts'
import type { Answer, Call } from './call.ts'
import { type Matchers, matchesAll, seenBy } from './reading.ts'

/** Lists EIPs, the newest first. Unknown ids are absent. */
export function describeAddresses(call: Call, request: Request<'DescribeAddresses'>): Answer {
  const { AddressIds, Filters = [], Offset, Limit } = request
  if (AddressIds && Filters.some((filter) => filter.Name === 'address-id')) {
    throw new ApiError(
      'InvalidParameter.Coexist',
      'The parameter `AddressIds` cannot be combined with the filter address-id.',
    )
  }
  const found = seenBy(call)
    .addresses.filter((address) => !AddressIds?.length || AddressIds.includes(address.addressId))
    .filter((address) => matchesAll(address, Filters, matchers))
    .sort((a, b) => b.number - a.number)
  return {
    TotalCount: found.length,
    AddressSet: found.slice(Offset, Offset + Limit).map(present),
  }
}

const matchers: Matchers<SimulatedAddress> = {
  'address-id': (address, values) => values.includes(address.addressId),
  // These two read their first value only.
  'address-name': (address, [first]) => address.addressName === first,
  'private-ip-address': (address, [first]) => address.binding?.privateIpAddress === first,
  'address-ip': (address, values) => values.includes(shownIp(address)),
  'address-status': (address, values) => values.includes(address.status),
  'instance-id': (address, values) => values.includes(address.binding?.instanceId ?? ''),
  'network-interface-id': (address, values) => values.includes(address.binding?.networkInterfaceId ?? ''),
  'address-type': (address, values) => values.includes(address.addressType),
  'address-isp': (address, values) => values.includes(address.internetServiceProvider),
  'is-arrears': (address, values) => values.includes(String(address.isArrears).toUpperCase()),
  'tag-key': (address, values) => address.tags.some((tag) => values.includes(tag.key)),
  'tag-value': (address, values) => address.tags.some((tag) => values.includes(tag.value)),
  'tag:': (address, values, key) => address.tags.some((tag) => tag.key === key && values.includes(tag.value)),
}

/** An address that is being created has none yet. */
function shownIp(address: SimulatedAddress): string {
  return address.status === 'CREATING' ? '' : address.addressIp
}

function present(address: SimulatedAddress): Answer {
  const { binding } = address
  return {
    AddressId: address.addressId,
    AddressName: address.addressName,
    AddressStatus: address.status,
    AddressIp: shownIp(address),
    InstanceId: binding?.instanceId ?? '',
    NetworkInterfaceId: binding?.networkInterfaceId ?? null,
    PrivateAddressIp: binding?.privateIpAddress ?? null,
    InstanceType: binding ? (binding.byInstance ? 'CVM' : 'ENI') : null,
    CreatedTime: new Date(address.createdAt).toISOString().replace(/\.\d+Z$/, 'Z'),
    IsArrears: address.isArrears,
    IsBlocked: address.isBlocked,
    IsEipDirectConnection: false,
    CascadeRelease: false,
    AddressType: address.addressType,
    InternetServiceProvider: address.internetServiceProvider,
    InternetChargeType: address.internetChargeType,
    Bandwidth: address.bandwidth,
    BandwidthPackageId: address.bandwidthPackageId,
    AntiDDoSPackageId: address.antiDDoSPackageId,
    Egress: address.egress,
    TagSet: address.tags.map((tag) => ({ Key: tag.key, Value: tag.value })),
  }
}
