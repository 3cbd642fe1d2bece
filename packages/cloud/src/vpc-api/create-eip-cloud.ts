import * as z from 'zod'
import { CloudError, noAnswer } from '../cloud-error.ts'
import type {
  AllocateRequest,
  CallOptions,
  CallResult,
  CloudAddress,
  EipCloud,
  NetworkInterface,
  RouteTable,
} from '../eip-cloud.ts'
import * as answers from './answers.ts'
import type { CallVpcApi, CloudAction } from './call-vpc-api.ts'
import { addressFilters, type Filter, networkInterfaceFilters } from './filters.ts'
import { readAllPages } from './read-all-pages.ts'

/** The EIP cloud over anything that speaks the VPC API: translates, pages and validates. */
export function createEipCloudOverVpcApi(callVpcApi: CallVpcApi): EipCloud {
  async function call<T>(
    action: CloudAction,
    request: Record<string, unknown>,
    schema: z.ZodType<T>,
    { admit, signal }: CallOptions,
  ): Promise<T> {
    await admit?.(action, signal)
    const content = await callVpcApi(action, request, signal)
    let answer: z.ZodSafeParseResult<T>
    try {
      answer = schema.safeParse(content)
    } catch (error) {
      // Such as an object with a `length` that cannot be compared.
      throw noAnswer(action, `it cannot be read (${error})`)
    }
    if (!answer.success) throw noAnswer(action, `it is not as documented (${z.prettifyError(answer.error)})`)
    return answer.data
  }

  async function change(
    action: CloudAction,
    request: Record<string, unknown>,
    options: CallOptions,
  ): Promise<CallResult> {
    return callResult(await call(action, request, answers.changed, options))
  }

  return {
    async allocateAddresses(request, options = {}) {
      const answer = await call('AllocateAddresses', allocateFields(request), answers.allocated, options)
      return { addressIds: answer.AddressSet, ...callResult(answer) }
    },

    associateAddress: ({ addressId, networkInterfaceId, privateIpAddress }, options = {}) =>
      change(
        'AssociateAddress',
        { AddressId: addressId, NetworkInterfaceId: networkInterfaceId, PrivateIpAddress: privateIpAddress },
        options,
      ),

    disassociateAddress: ({ addressId }, options = {}) =>
      change('DisassociateAddress', { AddressId: addressId }, options),

    releaseAddresses: ({ addressIds }, options = {}) =>
      change('ReleaseAddresses', { AddressIds: addressIds }, options),

    async describeAddresses(query, options = {}) {
      const found = new Map<string, CloudAddress>()
      for (const filters of addressFilters(query)) {
        const page = async (offset: number, limit: number) => {
          const answer = await call(
            'DescribeAddresses',
            pageFields(filters, offset, limit),
            answers.addressPage,
            options,
          )
          return { total: answer.TotalCount, entries: answer.AddressSet }
        }
        const entries = await readAllPages('DescribeAddresses', (entry) => entry.AddressId, page)
        for (const entry of entries) found.set(entry.AddressId, toCloudAddress(entry))
      }
      return [...found.values()]
    },

    async describeTaskResult(taskId, options = {}) {
      try {
        return (await call('DescribeTaskResult', { TaskId: taskId }, answers.taskResult, options)).Result
      } catch (error) {
        if (error instanceof CloudError && unknownTask.test(error.code)) return null
        throw error
      }
    },

    async describeAddressQuota(options = {}) {
      const answer = await call('DescribeAddressQuota', {}, answers.addressQuota, options)
      return answer.QuotaSet.map((quota) => ({
        quotaId: quota.QuotaId,
        current: quota.QuotaCurrent,
        limit: quota.QuotaLimit,
      }))
    },

    async describeNetworkInterfaces(query, options = {}) {
      const found = new Map<string, NetworkInterface>()
      for (const filters of networkInterfaceFilters(query)) {
        const page = async (offset: number, limit: number) => {
          const answer = await call(
            'DescribeNetworkInterfaces',
            pageFields(filters, offset, limit),
            answers.networkInterfacePage,
            options,
          )
          return { total: answer.TotalCount, entries: answer.NetworkInterfaceSet }
        }
        const entries = await readAllPages(
          'DescribeNetworkInterfaces',
          (entry) => entry.NetworkInterfaceId,
          page,
        )
        for (const entry of entries) found.set(entry.NetworkInterfaceId, toNetworkInterface(entry))
      }
      return [...found.values()]
    },

    async describeRouteTables({ vpcId }, options = {}) {
      const page = async (offset: number, limit: number) => {
        // Unlike elsewhere these two are texts.
        const fields = {
          Filters: [{ Name: 'vpc-id', Values: [vpcId] }],
          Offset: String(offset),
          Limit: String(limit),
        }
        const answer = await call('DescribeRouteTables', fields, answers.routeTablePage, options)
        return { total: answer.TotalCount, entries: answer.RouteTableSet }
      }
      const entries = await readAllPages('DescribeRouteTables', (entry) => entry.RouteTableId, page)
      return entries.map(toRouteTable)
    },
  }
}

/** Which code an unknown task gets is not documented; the id is the only input that could be at fault. */
const unknownTask = /^(ResourceNotFound|InvalidTaskId|InvalidParameterValue)/

function allocateFields(request: AllocateRequest): Record<string, unknown> {
  const fields = {
    ClientToken: request.clientToken,
    AddressCount: request.addressCount,
    InternetServiceProvider: request.internetServiceProvider,
    InternetChargeType: request.internetChargeType,
    InternetMaxBandwidthOut: request.internetMaxBandwidthOut,
    AddressType: request.addressType,
    AnycastZone: request.anycastZone,
    BandwidthPackageId: request.bandwidthPackageId,
    AntiDDoSPackageId: request.antiDDoSPackageId,
    Egress: request.egress,
    AddressName: request.addressName,
    Tags: request.tags.map((tag) => ({ Key: tag.key, Value: tag.value })),
  }
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

function pageFields(filters: Filter[], offset: number, limit: number): Record<string, unknown> {
  return { Filters: filters, Offset: offset, Limit: limit }
}

function callResult(answer: z.output<typeof answers.changed>): CallResult {
  return {
    requestId: answer.RequestId,
    ...(answer.TaskId === undefined ? {} : { taskId: answer.TaskId }),
  }
}

function toCloudAddress(address: z.output<typeof answers.address>): CloudAddress {
  return {
    addressId: address.AddressId,
    addressName: address.AddressName ?? '',
    addressIp: address.AddressIp ?? '',
    status: address.AddressStatus,
    instanceId: address.InstanceId,
    networkInterfaceId: address.NetworkInterfaceId,
    privateIpAddress: address.PrivateAddressIp,
    isArrears: address.IsArrears ?? false,
    isBlocked: address.IsBlocked ?? false,
    addressType: address.AddressType ?? '',
    internetServiceProvider: address.InternetServiceProvider ?? '',
    bandwidth: address.Bandwidth ?? null,
    internetChargeType: address.InternetChargeType || null,
    createdTime: address.CreatedTime,
    tags: (address.TagSet ?? []).map((tag) => ({ key: tag.Key, value: tag.Value })),
  }
}

function toNetworkInterface(eni: z.output<typeof answers.networkInterface>): NetworkInterface {
  return {
    networkInterfaceId: eni.NetworkInterfaceId,
    vpcId: eni.VpcId,
    subnetId: eni.SubnetId,
    instanceId: eni.Attachment?.InstanceId ?? null,
    primary: eni.Primary,
    privateIpAddresses: (eni.PrivateIpAddressSet ?? []).map((ip) => ({
      privateIpAddress: ip.PrivateIpAddress,
      primary: ip.Primary,
      publicIpAddress: ip.PublicIpAddress,
      addressId: ip.AddressId,
      state: ip.State ?? '',
    })),
  }
}

function toRouteTable(table: z.output<typeof answers.routeTable>): RouteTable {
  return {
    routeTableId: table.RouteTableId,
    vpcId: table.VpcId,
    subnetIds: (table.AssociationSet ?? []).flatMap(({ SubnetId }) => SubnetId ?? []),
    routes: (table.RouteSet ?? []).flatMap(({ DestinationCidrBlock, GatewayType, GatewayId, Enabled }) =>
      DestinationCidrBlock === null
        ? []
        : {
            destination: DestinationCidrBlock,
            gatewayType: GatewayType,
            gatewayId: GatewayId ?? '',
            enabled: Enabled ?? true,
          },
    ),
  }
}
