import type { CloudAction } from './vpc-api/call-vpc-api.ts'

/**
 * The EIP cloud: the calls of Tencent Cloud's VPC API (version 2017-03-12) that pod-eip needs, as a
 * narrow port. Every method may throw a {@link CloudError}; nothing here retries: retries belong to
 * the worker, which knows what each call has already been told.
 */
export interface EipCloud {
  /**
   * AllocateAddresses. Idempotent by `clientToken` for as long as the cloud remembers the token: the
   * same token brings the same addresses. Addresses start in CREATING.
   */
  allocateAddresses(
    request: AllocateRequest,
    call?: CallOptions,
  ): Promise<{ addressIds: string[] } & CallResult>
  /**
   * AssociateAddress by network interface and private address. Not idempotent: the cloud refuses an
   * address that is not UNBIND (class `describe-again`).
   */
  associateAddress(request: AssociateRequest, call?: CallOptions): Promise<CallResult>
  /** DisassociateAddress. Not idempotent: the cloud refuses an address that is not BIND or BIND_ENI. */
  disassociateAddress(request: { addressId: string }, call?: CallOptions): Promise<CallResult>
  /** ReleaseAddresses. Refused unless every address is UNBIND; an unknown id is class `gone`. */
  releaseAddresses(request: { addressIds: string[] }, call?: CallOptions): Promise<CallResult>
  /**
   * DescribeAddresses; pages are fetched until complete. Reads may show state that is some seconds
   * old. Unknown ids are absent from the answer, not an error.
   */
  describeAddresses(query: AddressQuery, call?: CallOptions): Promise<CloudAddress[]>
  /** DescribeTaskResult. `null` when the cloud knows no such task. */
  describeTaskResult(taskId: number, call?: CallOptions): Promise<'SUCCESS' | 'FAILED' | 'RUNNING' | null>
  /** DescribeAddressQuota. */
  describeAddressQuota(call?: CallOptions): Promise<AddressQuota[]>
  /** DescribeNetworkInterfaces; pages are fetched until complete. */
  describeNetworkInterfaces(
    query: NetworkInterfaceQuery,
    call?: InterfaceReadOptions,
  ): Promise<NetworkInterface[]>
  /** DescribeRouteTables of one VPC; pages are fetched until complete. */
  describeRouteTables(query: { vpcId: string }, call?: CallOptions): Promise<RouteTable[]>
}

export interface CallOptions {
  /** Ends the wait for the answer; the call may still have worked (class `no-answer`). */
  signal?: AbortSignal
  /**
   * Awaited before each request to the API, every page of a list included; when it throws, the request
   * is not sent and the call fails with what it threw. The place for a rate limit.
   */
  admit?(action: CloudAction, signal?: AbortSignal): Promise<void>
}

export interface InterfaceReadOptions extends CallOptions {
  /**
   * What was seen some minutes ago will do. For a caller that names the interface to the cloud, which
   * refuses one that no longer is what it was, and that asks again without this before it concludes anything.
   */
  mayBeRemembered?: boolean
}

/** What every changing call brings back. */
export interface CallResult {
  requestId: string
  /** Absent when the cloud names no task. */
  taskId?: number
}

export type InternetChargeType =
  | 'TRAFFIC_POSTPAID_BY_HOUR'
  | 'BANDWIDTH_POSTPAID_BY_HOUR'
  | 'BANDWIDTH_PREPAID_BY_MONTH'
  | 'BANDWIDTH_PACKAGE'

export interface Tag {
  key: string
  value: string
}

/** Field names are those of AllocateAddresses, in camel case. */
export interface AllocateRequest {
  clientToken: string
  addressCount: number
  internetServiceProvider: string
  internetChargeType: InternetChargeType
  /** Mbit/s. */
  internetMaxBandwidthOut: number
  addressType?: string
  anycastZone?: string
  bandwidthPackageId?: string
  antiDDoSPackageId?: string
  egress?: string
  addressName?: string
  tags: Tag[]
}

export interface AssociateRequest {
  addressId: string
  networkInterfaceId: string
  privateIpAddress: string
}

/**
 * At least one of the fields; they are joined with AND, their values with OR. A field with no values
 * matches nothing.
 */
export interface AddressQuery {
  addressIds?: string[]
  /** Filter `tag:<key>` = value: OR between the values of one key, AND between keys. */
  tags?: Tag[]
  networkInterfaceIds?: string[]
  /** CVMs that they are bound on, whatever their interface; ordinary public addresses are not shown. */
  instanceIds?: string[]
  privateIpAddresses?: string[]
  addressIps?: string[]
}

export type AddressStatus =
  | 'CREATING'
  | 'UNBIND'
  | 'BINDING'
  | 'BIND'
  | 'BIND_ENI'
  | 'UNBINDING'
  | 'OFFLINING'

/** An EIP as DescribeAddresses shows it. */
export interface CloudAddress {
  addressId: string
  addressName: string
  /** Empty while CREATING. */
  addressIp: string
  status: AddressStatus
  instanceId: string | null
  networkInterfaceId: string | null
  privateIpAddress: string | null
  isArrears: boolean
  isBlocked: boolean
  addressType: string
  internetServiceProvider: string
  /** Mbit/s. */
  bandwidth: number | null
  internetChargeType: string | null
  /** ISO 8601, UTC. */
  createdTime: string
  tags: Tag[]
}

export interface AddressQuota {
  /** Such as TOTAL_EIP_QUOTA, DAILY_EIP_APPLY. */
  quotaId: string
  current: number
  limit: number
}

/** As {@link AddressQuery}. `privateIpAddresses` are matched exactly. */
export interface NetworkInterfaceQuery {
  networkInterfaceIds?: string[]
  instanceIds?: string[]
  privateIpAddresses?: string[]
  vpcId?: string
}

export interface NetworkInterface {
  networkInterfaceId: string
  vpcId: string
  subnetId: string
  /** The CVM it is attached to. */
  instanceId: string | null
  primary: boolean
  privateIpAddresses: {
    privateIpAddress: string
    primary: boolean
    publicIpAddress: string | null
    addressId: string | null
    state: string
  }[]
}

/** Where the traffic of some subnets of a VPC goes. */
export interface RouteTable {
  routeTableId: string
  vpcId: string
  /** Each subnet has one table. */
  subnetIds: string[]
  /** For IPv4; those of the VPC's own addresses are not among them. */
  routes: Route[]
}

export interface Route {
  /** IPv4 block, such as `0.0.0.0/0`. */
  destination: string
  /** Such as NAT (a public NAT gateway), EIP (the public address of the CVM), CCN. */
  gatewayType: string
  /** Such as `nat-0a1b2c3d`. */
  gatewayId: string
  enabled: boolean
}
