import * as z from 'zod'

/** What each action accepts. A wrong type, a missing or an unknown field each get the documented code. */

const addressIds = z.array(z.string()).min(1).max(100)
const offset = z.int().nonnegative().default(0)
const limit = z.int().min(1).max(100).default(20)
const filters = z
  .array(z.strictObject({ Name: z.string(), Values: z.array(z.string()).min(1).max(100) }))
  .max(10)

/** Most Mbit/s by charge type. */
const maxBandwidth = {
  BANDWIDTH_PACKAGE: 2000,
  BANDWIDTH_POSTPAID_BY_HOUR: 100,
  BANDWIDTH_PREPAID_BY_MONTH: 200,
  TRAFFIC_POSTPAID_BY_HOUR: 100,
} as const

/** A number that is written as a text. */
function number(from: number, to: number) {
  return z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.int().min(from).max(to))
}

const allocateAddresses = z
  .strictObject({
    AddressCount: z.int().min(1).max(100).default(1),
    InternetServiceProvider: z.enum(['BGP', 'CMCC', 'CTCC', 'CUCC']).default('BGP'),
    InternetChargeType: z
      .enum([
        'BANDWIDTH_PACKAGE',
        'BANDWIDTH_POSTPAID_BY_HOUR',
        'BANDWIDTH_PREPAID_BY_MONTH',
        'TRAFFIC_POSTPAID_BY_HOUR',
      ])
      .default('TRAFFIC_POSTPAID_BY_HOUR'),
    InternetMaxBandwidthOut: z.int().min(1).default(1),
    AddressChargePrepaid: z.looseObject({}).optional(),
    AddressType: z
      .enum(['EIP', 'AnycastEIP', 'HighQualityEIP', 'AntiDDoSEIP', 'ResidentialEIP'])
      .default('EIP'),
    AnycastZone: z.enum(['ANYCAST_ZONE_GLOBAL', 'ANYCAST_ZONE_OVERSEAS']).optional(),
    Tags: z.array(z.strictObject({ Key: z.string().min(1), Value: z.string() })).default([]),
    BandwidthPackageId: z.string().optional(),
    AddressName: z.string().max(128).regex(/^\S*$/).default(''),
    Egress: z.string().optional(),
    AntiDDoSPackageId: z.string().optional(),
    ClientToken: z
      .string()
      .max(64)
      .regex(/^[\x21-\x7e]*$/)
      .optional(),
  })
  .superRefine((request, context) => {
    const { InternetChargeType: type, InternetMaxBandwidthOut: bandwidth } = request
    const complain = (code: string, message: string) =>
      context.addIssue({ code: 'custom', message, params: { code } })
    if (bandwidth > maxBandwidth[type]) {
      complain(
        'InvalidParameterValue.BandwidthOutOfRange',
        `The parameter \`InternetMaxBandwidthOut\` is ${bandwidth}; with ${type} the most is ${maxBandwidth[type]} Mbps.`,
      )
    }
    if (type === 'BANDWIDTH_PACKAGE' && !request.BandwidthPackageId) {
      complain('MissingParameter', 'The parameter `BandwidthPackageId` is required with BANDWIDTH_PACKAGE.')
    }
    if (type === 'BANDWIDTH_PREPAID_BY_MONTH' && !request.AddressChargePrepaid) {
      complain(
        'MissingParameter',
        'The parameter `AddressChargePrepaid` is required with BANDWIDTH_PREPAID_BY_MONTH.',
      )
    }
    if (request.Tags.length > 50) {
      complain('LimitExceeded.TagQuota', `The address would get ${request.Tags.length} tags; the most is 50.`)
    }
  })

export const schemas = {
  AllocateAddresses: allocateAddresses,
  AssociateAddress: z.strictObject({
    AddressId: z.string().min(1),
    InstanceId: z.string().optional(),
    NetworkInterfaceId: z.string().optional(),
    PrivateIpAddress: z.string().optional(),
    EipDirectConnection: z.boolean().optional(),
  }),
  DisassociateAddress: z.strictObject({
    AddressId: z.string().min(1),
    ReallocateNormalPublicIp: z.boolean().optional(),
  }),
  ReleaseAddresses: z.strictObject({ AddressIds: addressIds }),
  ModifyAddressesBandwidth: z.strictObject({
    AddressIds: addressIds,
    InternetMaxBandwidthOut: z.int().min(1),
  }),
  ModifyAddressAttribute: z.strictObject({
    AddressId: z.string().min(1),
    AddressName: z.string().max(128).regex(/^\S*$/).optional(),
    EipDirectConnection: z.enum(['TRUE', 'FALSE']).optional(),
  }),
  DescribeAddresses: z.strictObject({
    AddressIds: z.array(z.string()).max(100).optional(),
    Filters: filters.optional(),
    Offset: offset,
    Limit: limit,
  }),
  DescribeTaskResult: z.strictObject({ TaskId: z.int().nonnegative() }),
  DescribeAddressQuota: z.strictObject({}),
  DescribeNetworkInterfaces: z.strictObject({
    NetworkInterfaceIds: z.array(z.string()).max(100).optional(),
    Filters: filters.optional(),
    Offset: offset,
    Limit: limit,
  }),
  DescribeRouteTables: z.strictObject({
    RouteTableIds: z.array(z.string()).max(100).optional(),
    Filters: filters.optional(),
    // Texts, unlike everywhere else.
    Offset: number(0, 1_000_000).default(0),
    Limit: number(1, 100).default(20),
    NeedRouterInfo: z.boolean().default(true),
  }),
}

export type Action = keyof typeof schemas
export type Request<A extends Action> = z.output<(typeof schemas)[A]>
export type Filters = z.output<typeof filters>

export function isAction(name: string): name is Action {
  return Object.hasOwn(schemas, name)
}
