import { ApiError } from '../requests/api-error.ts'
import type { Request } from '../requests/schemas.ts'
import type { SimulatedAddress, SimulatedNetworkInterface } from '../state/state.ts'
import type { Answer, Call } from './call.ts'
import { type Matchers, matchesAll, seenBy } from './reading.ts'

/** Lists network interfaces with the EIPs on their private addresses. */
export function describeNetworkInterfaces(call: Call, request: Request<'DescribeNetworkInterfaces'>): Answer {
  const { NetworkInterfaceIds, Filters = [], Offset, Limit } = request
  if (NetworkInterfaceIds && Filters.length > 0) {
    throw new ApiError(
      'InvalidParameter.Coexist',
      'The parameters `NetworkInterfaceIds` and `Filters` cannot be combined.',
    )
  }
  const exact = Filters.find((filter) => filter.Name === 'ip-exact-match')?.Values[0] === 'true'
  const { addresses, networkInterfaces } = seenBy(call)
  const found = networkInterfaces
    .filter((eni) => !NetworkInterfaceIds?.length || NetworkInterfaceIds.includes(eni.networkInterfaceId))
    .filter((eni) => matchesAll(eni, Filters, matchersFor(exact)))
    .sort((a, b) => a.createdAt - b.createdAt || (a.networkInterfaceId < b.networkInterfaceId ? -1 : 1))
  return {
    TotalCount: found.length,
    NetworkInterfaceSet: found.slice(Offset, Offset + Limit).map((eni) => present(eni, addresses)),
  }
}

function matchersFor(exact: boolean): Matchers<SimulatedNetworkInterface> {
  return {
    'vpc-id': (eni, values) => values.includes(eni.vpcId),
    'subnet-id': (eni, values) => values.includes(eni.subnetId),
    'network-interface-id': (eni, values) => values.includes(eni.networkInterfaceId),
    'attachment.instance-id': (eni, values) => values.includes(eni.instanceId ?? ''),
    'is-primary': (eni, values) => values.includes(String(eni.primary)),
    // A single address matches by its end, several match as they are.
    'address-ip': (eni, values) =>
      eni.privateIps.some((ip) =>
        exact || values.length > 1 ? values.includes(ip) : ip.endsWith(values[0]!),
      ),
    'ip-exact-match': () => true,
  }
}

function present(eni: SimulatedNetworkInterface, addresses: SimulatedAddress[]): Answer {
  const holderOf = (ip: string) =>
    addresses.find(
      ({ status, binding }) =>
        ['BIND', 'BIND_ENI', 'UNBINDING'].includes(status) &&
        binding?.networkInterfaceId === eni.networkInterfaceId &&
        binding.privateIpAddress === ip,
    )
  return {
    NetworkInterfaceId: eni.networkInterfaceId,
    NetworkInterfaceName: eni.networkInterfaceId,
    VpcId: eni.vpcId,
    SubnetId: eni.subnetId,
    Primary: eni.primary,
    State: 'AVAILABLE',
    NetworkInterfaceState: eni.instanceId ? 'INUSE' : 'AVAILABLE',
    Attachment: eni.instanceId ? { InstanceId: eni.instanceId, DeviceIndex: eni.primary ? 0 : 1 } : null,
    PrivateIpAddressSet: eni.privateIps.map((ip, index) => {
      const holder = holderOf(ip)
      return {
        PrivateIpAddress: ip,
        Primary: index === 0,
        PublicIpAddress: holder?.addressIp ?? '',
        AddressId: holder?.addressId ?? '',
        IsWanIpBlocked: holder?.isBlocked ?? false,
        State: 'AVAILABLE',
      }
    }),
  }
}
